import type { Event } from '#flows/event';
import type { Message } from '#flows/message';
import type { OreModels, OreValue } from '#flows/ore/model';
import { stages } from '#flows/registry';
import { runFlow } from '#flows/run/run';
import { beltMessages, declaredLot, plainModels, testPolicy } from './ore.ts';

const wire = (from: string, to: string) => ({
  from,
  to,
  buffer: { capacity: 5000, overflow: 'block' as const },
});
const named = ['brand', 'elements', 'ignition', 'slag'] as const;

/** The stages of a berth that a spectrometer alone feeds, from a driver node `wire`. */
export const berthDocument = (lot: object = {}) => ({
  id: 'berth',
  version: 1,
  nodes: [
    { id: 'wire', driver: 'mqtt-json', config: { topic: 'x' } },
    {
      id: 'place',
      stage: 'belt',
      config: {
        scale: 'scale',
        sensors: [{ device: 'nir', offsetM: 8 }],
        incrementT: 20,
        windowT: 2,
        latenessSeconds: 2,
      },
    },
    { id: 'brand', stage: 'brand', config: {} },
    { id: 'own', stage: 'calibration', config: {} },
    { id: 'slag', stage: 'slag', config: {} },
    { id: 'elements', stage: 'elements', config: { policy: testPolicy } },
    { id: 'ignition', stage: 'ignition', config: { policy: testPolicy } },
    { id: 'closes', stage: 'filter', config: { when: 'm.kind == "event"' } },
    { id: 'office', stage: 'filter', config: { when: 'm.kind == "declaration"' } },
    {
      id: 'lot',
      stage: 'lot',
      config: {
        policy: testPolicy,
        stages: [...named],
        covering: [...named],
        testing: ['brand', 'slag'],
        ...lot,
      },
    },
    { id: 'out', stage: 'emit', config: {} },
  ],
  wires: [
    wire('wire', 'place'),
    wire('wire', 'office'),
    wire('office', 'lot'),
    wire('place', 'brand'),
    wire('place', 'slag'),
    wire('place', 'closes'),
    wire('closes', 'lot'),
    wire('place', 'own'),
    wire('brand', 'own'),
    ...['elements', 'ignition', 'lot'].map((name) => wire('own.findings', name)),
    ...named.filter((name) => name !== 'brand').map((name) => wire(name, 'lot')),
    wire('lot', 'out'),
  ],
});

export async function berthEvents(
  messages: readonly Message[],
  ore: OreModels,
  lot: object = {},
): Promise<Event[]> {
  const lines = messages.map((message) => JSON.stringify(message));
  const events: Event[] = [];
  const document = berthDocument(lot);
  for await (const event of runFlow({ document, stages, resources: { ore }, lines })) events.push(event);
  return events;
}

/** A mine's own calibration that the moisture is by. */
const ownMoisture = { id: 'pls-h2o-mine-a', version: '1.0.0', signed: true, simulated: false };

/** `plainModels` with a whole analysis that wanders along the lot. */
function analysing(): OreModels {
  const base = plainModels().ore('ore-brand');
  return plainModels({
    conclude(increment, measured, memory) {
      const said = base?.conclude(increment, measured, memory);
      const answer = said?.answer ?? { values: [], windows: [], findings: [], reasons: [] };
      const at = increment.increment;
      const value = (name: string, middle: number, swing: number, sigma: number): OreValue => ({
        name,
        unit: '%',
        value: middle + swing * Math.sin(at / 3 + name.length) + (swing / 3) * Math.sin(at * 2.7),
        sigma,
        bias: sigma / 3,
      });
      const more =
        answer.values.length === 0
          ? []
          : [
              value('SiO2', 3.8, 0.3, 0.3),
              value('Al2O3', 2.3, 0.1, 0.08),
              value('P', 0.1, 0.004, 0.004),
              value('LOI', 5.3, 0.3, 0.12),
              { ...value('H2O', 9, 0.5, 0.3), by: ownMoisture },
            ];
      return { answer: { ...answer, values: [...answer.values, ...more] } };
    },
  });
}

/** A ship of two lots: a clean one, and one with a slug of slag at 300 t and a spectrometer that was silent about 480 t. */
export function shipEvents(): Promise<Event[]> {
  const holds = [
    { hold: '1', massT: 260 },
    { hold: '2', massT: 240 },
    { hold: '3', massT: 200 },
  ];
  const ship = { ship: 'MV Lianhai Star', massT: 700, holds };
  const lots = [
    { at: 3, state: 'begin' as const, lot: declaredLot('L-2601', { ...ship, declaration: 'D-1' }) },
    { at: 703, state: 'end' as const },
    { at: 705, state: 'begin' as const, lot: declaredLot('L-2602', { ...ship, declaration: 'D-2' }) },
    { at: 1405, state: 'end' as const },
  ];
  const ore = (tonnes: number) => ({
    fe: 61.6 + 0.5 * Math.sin(tonnes / 60) + 0.2 * Math.sin(tonnes / 7),
    bad: tonnes > 1010 && tonnes < 1022,
  });
  const silent = (time = '') => time > '2026-03-01T08:19:40' && time < '2026-03-01T08:20:30';
  const messages = beltMessages({ seconds: 1440, ore }, lots).filter(
    ({ device, time }) => device !== 'nir' || !silent(time),
  );
  return berthEvents(messages, analysing());
}
