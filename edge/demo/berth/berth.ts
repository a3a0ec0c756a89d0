import { setTimeout as sleep } from 'node:timers/promises';
import { simulateCamera } from '#drivers/camera/simulator';
import { doseRateMeter } from '#drivers/modbus/profiles/dose-rate-meter';
import { sampler } from '#drivers/modbus/profiles/sampler';
import { simulateModbus } from '#drivers/modbus/simulator';
import { simulateMqttJson } from '#drivers/mqtt-json/simulator';
import { simulateN42 } from '#drivers/n42/simulator';
import type { Simulator } from '#drivers/simulator';
import { framedBytes } from '#drivers/spectrometer/framed';
import { simulateSpectrometer } from '#drivers/spectrometer/simulator';
import type { Message } from '#flows/message';
import { Random } from '#models/physics/xray/random';
import { channel } from '../channel.ts';
import type { BerthPorts } from '../layout.ts';
import { beltMps, DemoBelt, flowTps, loadKgPerM, type Tonne } from './belt.ts';
import { gammaAxis, gammaCounts } from './gamma.ts';
import { keepBelt, keptBelt } from './kept-belt.ts';
import type { PictureSize } from './ore-messages.ts';
import { OreSource } from './ore-source.ts';
import { Pictures } from './pictures.ts';
import { demoScript, happens, holdsOf, type Script } from './script.ts';

/** Metres behind the scale, as the flow has them; a spectrum is of the second before its time, and so of half as far. */
const halfSecondM = beltMps / 2;
const places = { nir: 6 + halfSecondM, xrf: 9 + halfSecondM, camera: 12, gamma: 15 + halfSecondM };
/** Tonnes whose spectra are made ahead, and kept for the last sensor. */
const ahead = 12;
const behind = 30;
const scaleMs = 200;
const whiteEverySeconds = 120;
/** Counts a second of the source in the load, and dose rates, uSv/h. */
const sourceCounts = 900;
/** Of the bare belt, which hardly has bands; assumed. */
const rubberReflectance = 0.05;
const dose = { background: 0.11, source: 0.45 };

export interface BerthOptions {
  readonly ports: BerthPorts;
  /** Broker of the box at the berth. */
  readonly broker: string;
  readonly camera: PictureSize & { readonly fps: number };
  readonly script?: Script;
  /** File that keeps where the belt is; absent: every start begins with a bare belt. */
  readonly kept?: string;
  /** Told once, when ore comes to the belt. */
  onReady(): void;
}

const reading = (name: string, value: number, unit: string): Message => ({
  kind: 'reading',
  quality: 'good',
  attributes: {},
  name,
  value,
  unit,
});

type Spectra = { readonly nir: Float32Array; readonly xrf: Float32Array };

/**
 * A ship that is unloaded, lot after lot: a belt with every sensor on a wire of its own, from the physics of ore. All of it is simulated,
 * the ore too.
 */
export async function startBerth({
  ports,
  broker,
  camera,
  script = demoScript,
  kept,
  onReady,
}: BerthOptions): Promise<{ stop(): Promise<void> }> {
  const host = '127.0.0.1';
  const at = (port: number) => ({ listen: `${host}:${port}` });
  const random = new Random(Date.now());
  const draw = () => random.next();
  const { lotT } = script;
  const { shipCall, ...before } = keptBelt(kept, Date.now());
  const belt = new DemoBelt(script, before);
  const keep = () => kept !== undefined && keepBelt(kept, { shipCall, ...belt.kept });
  const ore = new OreSource(camera);
  const pictures = new Pictures(ore, script.lots);
  const open = {
    scale: channel<Message>(),
    nir: channel<Uint8Array>(),
    xrf: channel<Message>(),
    gamma: channel<Message>(),
    dose: channel<Message>(),
    camera: channel<Uint8Array>(5),
    papers: channel<Uint8Array>(),
  };
  const simulators: Simulator[] = await Promise.all([
    simulateModbus({ source: open.scale.source, wire: { host, port: ports.scale }, random: draw }),
    simulateModbus({
      source: open.dose.source,
      wire: { host, port: ports.dose },
      profile: doseRateMeter,
      random: draw,
    }),
    simulateModbus({
      source: channel<Message>().source,
      wire: { host, port: ports.sampler },
      profile: sampler,
      random: draw,
    }),
    simulateSpectrometer({ source: open.nir.source, place: at(ports.nir), random: draw }),
    simulateSpectrometer({ source: open.xrf.source, place: at(ports.xrf), random: draw }),
    simulateN42({ source: open.gamma.source, place: at(ports.gamma), random: draw }),
    simulateCamera({
      source: open.camera.source,
      host,
      port: ports.camera,
      form: 'mpegts',
      fps: camera.fps,
      random: draw,
    }),
    simulateMqttJson({ source: open.papers.source, url: broker, clientId: 'berth-office' }),
  ]);

  const spectra = new Map<number, Spectra>();
  let made = Math.max(0, Math.floor(belt.tonnes) - behind);
  let madeLot = -1;
  /** Spectra of the next tonnes, a lot at a time. */
  async function make(): Promise<void> {
    while (made < belt.tonnes + ahead) {
      const { index, lot, inLot } = belt.tonneOf(made);
      const number = Math.floor(index / lotT);
      if (number !== madeLot) await ore.ask<'lot'>({ ask: 'lot', brand: lot.brand, seed: 100 + number });
      madeLot = number;
      const waste = happens(lot, 'waste', inLot);
      const mixed = waste?.waste === undefined ? {} : { waste: waste.waste, share: waste.share ?? 0 };
      const { nir, xrf } = await ore.ask<'tonne'>({ ask: 'tonne', seed: index, ...mixed });
      spectra.set(index, { nir, xrf });
      spectra.delete(index - ahead - behind);
      made = index + 1;
    }
  }

  const axes = await ore.axes;
  const channels = axes.channels;
  const nirAxis = { unit: 'nm', values: [...axes.nirNm] };
  const xrfAxis = { unit: 'keV', start: axes.offsetKeV, step: axes.gainKeV };

  function nir(tonne: Tonne | undefined, time: string): void {
    const found = tonne && spectra.get(tonne.index);
    if (tonne && !found) return;
    // Mud on the window: what comes back is the mud's, always the same.
    const blocked = tonne && happens(tonne.lot, 'blocked', tonne.inLot) !== undefined;
    const values = blocked
      ? [...axes.nirNm].map(() => 0.24)
      : found
        ? [...found.nir]
        : [...axes.nirNm].map(() => rubberReflectance * (1 + 0.02 * random.normal()));
    open.nir.send(
      framedBytes({ technique: 'nir', device: 'nir-1', time, axis: nirAxis, reference: 'sample' }, values),
    );
  }

  function white(time: string): void {
    const values = [...axes.nirNm].map(() => 1 + 0.002 * random.normal());
    open.nir.send(
      framedBytes({ technique: 'nir', device: 'nir-1', time, axis: nirAxis, reference: 'white' }, values),
    );
  }

  function xrf(tonne: Tonne | undefined, time: string): void {
    const found = tonne && spectra.get(tonne.index);
    if (tonne && !found) return;
    // Over a bare belt the shutter is closed.
    const values = found ? [...found.xrf] : Array.from({ length: channels }, () => random.poisson(0.2));
    open.xrf.send({ ...spectrum, technique: 'xrf', device: 'xrf-1', time, axis: xrfAxis, values });
  }

  const spectrum = { kind: 'spectrum', quality: 'good', attributes: {}, liveTimeS: 1 } as const;
  let seconds = 0;
  let announced = -1;
  let begun = -1;

  function papers(time: string): void {
    const now = Math.floor(belt.tonnes / lotT);
    const say = (state: string, number: number) => {
      const lot = belt.lot(number);
      const ship = `MV Lianhai Star ${Math.floor(number / 6) + 1}`;
      const declared = {
        lot: `${shipCall}-${number + 1}`,
        shipper: 'Simulated Ores',
        brand: lot.declared,
        mine: 'Simulated mine',
        port: 'Simulated port',
        massT: lotT,
        ship,
        holds: holdsOf(lotT),
      };
      const message = {
        kind: 'declaration',
        id: `D-${shipCall}-${number + 1}`,
        time,
        goods: [],
        attributes: { lot: { state, declared } },
      };
      open.papers.send(Buffer.from(`berth/lots ${JSON.stringify(message)}`));
    };
    if (announced < now + 1) {
      if (announced < now) say('announced', now);
      say('announced', now + 1);
      announced = now + 1;
    }
    if (belt.fed && begun < now) {
      say('begin', now);
      begun = now;
    }
  }

  function everySecond(): void {
    const time = new Date().toISOString();
    seconds += 1;
    papers(time);
    nir(belt.tonneAt(places.nir), time);
    if (seconds % whiteEverySeconds === 1) white(time);
    xrf(belt.tonneAt(places.xrf), time);
    const below = belt.tonneAt(places.gamma);
    const source = below !== undefined && happens(below.lot, 'source', below.inLot) !== undefined;
    const values = gammaCounts(random, below ? 1 : 0, source ? sourceCounts : 0);
    open.gamma.send({ ...spectrum, technique: 'gamma', device: 'gamma-1', time, axis: gammaAxis, values });
    const level = (source ? dose.source : dose.background) * (1 + 0.03 * random.normal());
    open.dose.send(reading('doseRate', level, 'uSv/h'));
    void make();
    keep();
  }

  function scale(): void {
    belt.step(scaleMs / 1000);
    const runs = belt.stands ? 0 : 1;
    const loaded = belt.fed ? runs : 0;
    const noisy = (value: number) => loaded * value * (1 + 0.004 * random.normal());
    open.scale.send(reading('beltSpeed', runs * beltMps, 'm/s'));
    open.scale.send(reading('beltLoad', noisy(loadKgPerM), 'kg/m'));
    open.scale.send(reading('massFlow', noisy(flowTps * 3600), 't/h'));
    open.scale.send(reading('massTotal', belt.tonnes, 't'));
  }

  const timers = [
    setInterval(scale, scaleMs),
    setInterval(everySecond, 1000),
    setInterval(() => {
      const picture = belt.stands ? undefined : pictures.of(belt.tonneAt(places.camera));
      if (picture) open.camera.send(picture);
    }, 1000 / camera.fps),
  ];
  const stopping = new AbortController();
  const { signal } = stopping;
  const empty = sleep(belt.fed ? 0 : script.emptySeconds * 1000, undefined, { signal });
  const feeding = Promise.all([
    empty,
    make(),
    pictures.prepare(belt.tonneOf(Math.floor(belt.tonnes)).lot.brand),
  ]).then(
    () => {
      belt.feed();
      onReady();
    },
    (error: unknown) => {
      if (!signal.aborted) throw error;
    },
  );
  return {
    async stop() {
      stopping.abort();
      for (const timer of timers) clearInterval(timer);
      keep();
      for (const each of Object.values(open)) each.close();
      await Promise.allSettled([feeding, ore.stop(), ...simulators.map((one) => one.stop())]);
    },
  };
}
