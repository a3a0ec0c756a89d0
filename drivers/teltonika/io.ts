/** Values of a record's IO elements, by id: numbers, 64-bit ones that are no safe integer as hexadecimal text. */
export type IoValues = Readonly<Record<string, number | string>>;

interface Named {
  readonly name: string;
  readonly scale?: number;
}

/**
 * Elements that all families of the maker share (FMB, FMC, FMM), as its wiki lists them and other decoders read
 * them; any other stays under its number in `io`.
 */
const named: Readonly<Record<string, Named>> = {
  1: { name: 'digitalInput1' },
  2: { name: 'digitalInput2' },
  3: { name: 'digitalInput3' },
  9: { name: 'analogueInput1V', scale: 0.001 },
  16: { name: 'odometerKm', scale: 0.001 },
  21: { name: 'gsmSignal' },
  66: { name: 'supplyV', scale: 0.001 },
  67: { name: 'batteryV', scale: 0.001 },
  69: { name: 'gnssStatus' },
  113: { name: 'batteryPct' },
  179: { name: 'digitalOutput1' },
  181: { name: 'pdop', scale: 0.1 },
  182: { name: 'hdop', scale: 0.1 },
  199: { name: 'tripKm', scale: 0.001 },
  239: { name: 'ignition' },
  240: { name: 'movement' },
  241: { name: 'gsmOperator' },
};

/** Of a driver's key: enough to tell keys apart is not worth the risk of passing one on. */
const secret = new Set(['78', '207']);

/** IO elements as attributes: known ones by name and scaled, the others in `io`. */
export function ioAttributes(values: IoValues): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  const io: Record<string, number | string> = {};
  for (const [id, value] of Object.entries(values)) {
    if (secret.has(id)) {
      if (Number(value) !== 0) attributes.driverKeyPresent = true;
      continue;
    }
    const known = named[id];
    if (known === undefined || typeof value === 'string') io[id] = value;
    else
      attributes[known.name] =
        known.scale === undefined ? value : Math.round(value * known.scale * 1e6) / 1e6;
  }
  if (Object.keys(io).length > 0) attributes.io = io;
  return attributes;
}
