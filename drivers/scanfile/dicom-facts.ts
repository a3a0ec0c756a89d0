import type { DataSet } from 'dicom-parser';
import { isoText } from '../moment.ts';
import type { ScanFileFacts } from './facts.ts';

const textOf = (set: DataSet, tag: string): string | undefined => {
  const value = set.string(tag)?.replaceAll('\0', '').trim();
  return value === undefined || value === '' ? undefined : value.slice(0, 200);
};

const numbersOf = (set: DataSet, tag: string): number[] | undefined => {
  const values = textOf(set, tag)?.split('\\').map(Number);
  return values?.every(Number.isFinite) ? values : undefined;
};

/** Date and time of the acquisition, else of the content. */
const momentOf = (set: DataSet): string | undefined => {
  const date = textOf(set, 'x00080022') ?? textOf(set, 'x00080023');
  const time = textOf(set, 'x00080032') ?? textOf(set, 'x00080033');
  return date === undefined || time === undefined ? undefined : `${date}${time}`;
};

/** UTC, where the file tells its offset (0008,0201): without it a time is local to a place that nobody knows. */
function startedOf(set: DataSet): string | undefined {
  const offset = /^([+-])(\d\d)(\d\d)$/.exec(textOf(set, 'x00080201') ?? '');
  const moment = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,3})?\d*$/.exec(momentOf(set) ?? '');
  if (!offset || !moment) return undefined;
  const [, year, month, day, hour, minute, second, fraction = ''] = moment;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`);
  const minutes = (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1);
  return isoText(local - minutes * 60_000);
}

/** Square pixels alone have one size; that of the detector stands where none of the object is told. */
function pixelMmOf(set: DataSet): number | undefined {
  const [down, across] = numbersOf(set, 'x00280030') ?? numbersOf(set, 'x00181164') ?? [];
  if (down === undefined || across === undefined || Math.abs(down - across) > 1e-6) return undefined;
  return across >= 0.01 && across <= 100 ? across : undefined;
}

/** What an image says of its scan. It never says that dark and air were measured: `calibration` is not among it. */
export function dicomFacts(set: DataSet): ScanFileFacts {
  const scan = textOf(set, 'x00080018');
  const device = textOf(set, 'x00181000');
  const started = startedOf(set);
  const kilovolts = numbersOf(set, 'x00180060')?.[0];
  const pixelMm = pixelMmOf(set);
  return {
    ...(scan === undefined ? {} : { scan }),
    ...(device === undefined ? {} : { device }),
    ...(started === undefined ? {} : { started }),
    ...(kilovolts !== undefined && kilovolts > 0 && kilovolts <= 20_000
      ? { energiesMv: [kilovolts / 1000] }
      : {}),
    ...(pixelMm === undefined ? {} : { pixelMm }),
  };
}

/** Attributes by the keywords of PS3.6. `value = RescaleSlope * sample + RescaleIntercept`, with the sample as it is given. */
export function dicomAttributes(set: DataSet, offset: number): Record<string, unknown> {
  const slope = numbersOf(set, 'x00281053')?.[0];
  const intercept = numbersOf(set, 'x00281052')?.[0];
  const all: Record<string, unknown> = {
    SOPClassUID: textOf(set, 'x00080016'),
    SOPInstanceUID: textOf(set, 'x00080018'),
    StudyInstanceUID: textOf(set, 'x0020000d'),
    SeriesInstanceUID: textOf(set, 'x0020000e'),
    InstanceNumber: numbersOf(set, 'x00200013')?.[0],
    Modality: textOf(set, 'x00080060'),
    Manufacturer: textOf(set, 'x00080070'),
    ManufacturerModelName: textOf(set, 'x00081090'),
    acquired: momentOf(set),
    ImagePositionPatient: numbersOf(set, 'x00200032'),
    SliceThickness: numbersOf(set, 'x00180050')?.[0],
    PhotometricInterpretation: textOf(set, 'x00280004'),
    RescaleSlope: slope ?? (offset > 0 ? 1 : undefined),
    RescaleIntercept:
      offset > 0 || intercept !== undefined ? (intercept ?? 0) - offset * (slope ?? 1) : undefined,
    RescaleType: textOf(set, 'x00281054'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
