import { Value } from 'typebox/value';
import type { CommandDefinition } from '#drivers/command';
import type { DeviceCommand, Zone } from '#flows/command';
import type { Problem } from '#flows/fault';
import { indexFences } from '#flows/geo/fence-index';
import { readFences } from '#flows/geo/fences';
import { canonical } from '#flows/trust/canonical';
import { faults } from '../faults.ts';
import type { CommandEntry } from './entry.ts';

/** A position older than this says nothing of where a device is, ms. */
const positionMs = 600_000;
/** At most so many orders go to one device in the time below. */
const maxOrders = 6;
const orderWindowMs = 600_000;

export interface Place {
  readonly lon: number;
  readonly lat: number;
  readonly atMs: number;
}

/** What a box knows beside the command itself. */
export interface Standing {
  readonly nowMs: number;
  /** Actions of the node; undefined: there is no such node. */
  readonly commands: readonly CommandDefinition[] | undefined;
  readonly place: Place | undefined;
  /** Until when the device takes none, epoch ms. */
  readonly lockedUntilMs: number | undefined;
  readonly entries: readonly CommandEntry[];
}

/** Why a command with a good signature is not carried out; undefined: it may be. */
export function refusal(command: DeviceCommand, standing: Standing): Problem | undefined {
  return (
    wrongOrder(command, standing.commands) ??
    wrongAuthorisation(command, standing) ??
    wrongPlace(command.authorisation.zone, command.device, standing) ??
    tooMuch(command, standing)
  );
}

function wrongOrder(command: DeviceCommand, commands: Standing['commands']): Problem | undefined {
  const { flow, node, action, parameters, device, authorisation, expected } = command;
  const definition = commands?.find((known) => known.action === action);
  if (!definition) return faults.problem('command.unknown', { action, node: `${flow}/${node}` });
  if (!Value.Check(definition.parameters, parameters)) {
    const [error] = Value.Errors(definition.parameters, parameters);
    const detail = `parameters${error?.instancePath ?? ''} ${error?.message ?? ''}`;
    return faults.problem('command.wrong', { detail });
  }
  const same =
    (definition.confirmedBy && canonical(definition.confirmedBy)) === (expected && canonical(expected));
  if (!same) return faults.problem('command.wrong', { detail: 'it expects another report of the device' });
  if (authorisation.device !== device || authorisation.action !== action)
    return faults.problem('command.authorisation', { device, action });
  const officers = new Set(authorisation.officers.map((name) => name.trim().toLowerCase()));
  if (definition.physical && officers.size < 2) return faults.problem('command.officers', { action });
  return undefined;
}

function wrongAuthorisation(command: DeviceCommand, { nowMs, entries }: Standing): Problem | undefined {
  const { id, notBefore, notAfter } = command.authorisation;
  if (nowMs < Date.parse(notBefore)) return faults.problem('command.early', { notBefore });
  if (!(nowMs <= Date.parse(notAfter))) return faults.problem('command.over', { notAfter });
  for (const { report } of entries)
    if (report.authorisation === id) return faults.problem('command.used', { id });
  return undefined;
}

function wrongPlace(zone: Zone | undefined, device: string, { place, nowMs }: Standing): Problem | undefined {
  if (!zone) return undefined;
  if (!place || nowMs - place.atMs > positionMs) return faults.problem('command.nowhere', { device });
  const feature = { type: 'Feature', properties: { id: 'zone' }, geometry: zone };
  const read = readFences({ type: 'FeatureCollection', features: [feature] });
  const [wrong] = read.problems;
  if (wrong) return faults.problem('command.wrong', { detail: `zone: ${wrong.message}` });
  return indexFences(read).contains(0, place.lon, place.lat)
    ? undefined
    : faults.problem('command.outside', { device });
}

function tooMuch({ device }: DeviceCommand, standing: Standing): Problem | undefined {
  const { nowMs, lockedUntilMs = 0, entries } = standing;
  if (nowMs < lockedUntilMs)
    return faults.problem('command.lockedOut', { device, until: new Date(lockedUntilMs).toISOString() });
  let orders = 0;
  for (const { report, sentMs } of entries)
    if (report.device === device && sentMs !== undefined && nowMs - sentMs < orderWindowMs) orders++;
  return orders < maxOrders ? undefined : faults.problem('command.rate', { device, max: maxOrders });
}
