import type { Kind, Message } from '#flows/message';

type Invent = (device: string, nowMs: number, turn: number) => Message;

const common = (device: string, nowMs: number) => ({
  device,
  time: new Date(nowMs).toISOString(),
  quality: 'good' as const,
  attributes: {},
});

/** A vehicle that circles once a minute, 200 m across. */
const circling: Invent = (device, nowMs) => {
  const angle = (nowMs / 60_000) * 2 * Math.PI;
  return {
    kind: 'position',
    ...common(device, nowMs),
    lon: 4.05 + 0.00145 * Math.sin(angle),
    lat: 51.95 + 0.0009 * Math.cos(angle),
    speedKph: 37.7,
    courseDeg: Math.round((((angle * 180) / Math.PI + 90) % 360) * 10) / 10,
    hdop: 0.9,
    satellites: 10,
    fix: true,
  };
};

/** A belt's mass flow and a place's dose rate in turn, each moving slowly about its mean. */
const measured: Invent = (device, nowMs, turn) => {
  const wave = Math.sin(nowMs / 20_000);
  const what =
    turn % 2 === 0
      ? { name: 'massFlow', value: Math.round(6000 + 300 * wave), unit: 't/h' }
      : { name: 'doseRate', value: Math.round((0.12 + 0.02 * wave) * 1e3) / 1e3, unit: 'uSv/h' };
  return { kind: 'reading', ...common(device, nowMs), ...what };
};

/** Trucks, one after the other, some of them read badly. */
const passing: Invent = (device, nowMs, turn) => ({
  kind: 'passage',
  ...common(device, nowMs),
  object: `SIM${String(turn % 10_000).padStart(4, '0')}`,
  point: device,
  lane: String(1 + (turn % 3)),
  confidence: turn % 7 === 0 ? 0.61 : 0.97,
});

const channels = 512;
const keVPerChannel = 3;

/** One second of background with the line of caesium 137, which comes and goes. */
const counted: Invent = (device, nowMs) => {
  const source = 40 * Math.max(0, Math.sin(nowMs / 15_000));
  const values = Array.from({ length: channels }, (_, channel) => {
    const keV = channel * keVPerChannel;
    const mean = 30 * Math.exp(-keV / 300) + source * Math.exp(-(((keV - 661.7) / 25) ** 2));
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * (2 * Math.random() - 1)));
  });
  return {
    kind: 'spectrum',
    ...common(device, nowMs),
    technique: 'gamma',
    axis: { unit: 'keV', start: 0, step: keVPerChannel },
    values,
    liveTimeS: 1,
  };
};

const inventions: { readonly [K in Kind]?: Invent } = {
  position: circling,
  passage: passing,
  reading: measured,
  spectrum: counted,
};

/** What a simulated device says that is given nothing to say, at the rate of the caller; undefined: it needs an input. */
export function invented(
  kind: Kind,
  device: string,
  signal: AbortSignal,
): AsyncGenerator<Message> | undefined {
  const invent = inventions[kind];
  if (!invent) return undefined;
  return (async function* () {
    for (let turn = 0; !signal.aborted; turn++) yield invent(device, Date.now(), turn);
  })();
}
