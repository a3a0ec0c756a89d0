import { type Static, Type } from 'typebox';
import type { FindingMessage } from '../inference.ts';
import type { MessageOf } from '../message.ts';
import { type Out, process } from '../process.ts';
import type { FrameMessage } from '../scan.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { concludeScan, hasConcluded, isFinal } from './conclusion.ts';
import { refusal } from './faults.ts';
import { checkFrame } from './frames.ts';
import { admit } from './keys.ts';
import { isSighting, nameObject, normal, remember, Sighting, sightingOf } from './naming.ts';
import { Course, follow, isWhole, unsound } from './soundness.ts';
import { eventTime, toIso } from './time.ts';
import { VerdictConfig } from './verdict-config.ts';
import { carried, carriedDeclaration, modelsOf, simulated } from './verdict-data.ts';

type Declaration = MessageOf<'declaration'>;

const Open = Type.Object({
  course: Type.Optional(Course),
  device: Type.Optional(Type.String()),
  findings: Type.Array(Type.Unknown(), { description: 'Conclusions of models.' }),
});
type Open = Omit<Static<typeof Open>, 'findings'> & { findings: FindingMessage[] };
const Judged = Type.Object({ judged: Type.Literal(true) });
type Scan = Open | Static<typeof Judged>;

/** A scan that was judged is remembered for a while, so that a late strip does not begin it again. */
const rememberMs = 600_000;
const scanPrefix = 'scan ';
const declarationPrefix = 'declaration ';
const sightingsKey = 'sightings';

/**
 * Takes frames, final findings, declarations and readings of plates and containers, all on one input. A scan
 * is judged once, as soon as its last strip and every model's conclusion are there, or when its time is up.
 */
export const verdict = defineStage({
  type: 'verdict',
  summary:
    'Concludes of each scan: clear, suspect, or none where anything needed for a judgement is missing.',
  accepts: ['frame', 'finding', 'declaration', 'passage', 'identity'],
  emits: ['verdict'],
  config: VerdictConfig,
  state: Type.Union([
    Open,
    Judged,
    Type.Object({ declaration: Type.Unknown({ description: 'The newest declaration of a conveyance.' }) }),
    Type.Object({ sightings: Type.Array(Sighting) }),
  ]),
  build(config, ctx) {
    const scans = ctx.state as KeyedState<Scan>;
    const declarations = ctx.state as KeyedState<{ declaration: Declaration }>;
    const readings = ctx.state as KeyedState<{ sightings: Sighting[] }>;
    const sightings = () => readings.get(sightingsKey)?.sightings ?? [];

    const declarationOf = (...identities: readonly (string | undefined)[]): Declaration | undefined => {
      for (const identity of identities) {
        const known = identity && declarations.get(declarationPrefix + normal(identity));
        if (known) return known.declaration;
      }
      return undefined;
    };

    function judge(key: string, scan: Open, out: Out): void {
      const id = key.slice(scanPrefix.length);
      const { course, device, findings } = scan;
      const seen = sightings();
      const named = course && nameObject(seen, course, config);
      if (named && named.used.length > 0)
        readings.set(sightingsKey, { sightings: seen.filter((one) => !named.used.includes(one)) });
      const declaration = declarationOf(named?.subject, named?.vehicle);
      const obstacles = course ? unsound(course, config) : ['No strip of the scan was seen.'];
      const { outcome, confidence, reasons } = concludeScan(findings, obstacles, declaration, config);
      const doubt = named?.doubt === undefined ? [] : [named.doubt];
      out({
        kind: 'verdict',
        ...(device === undefined ? {} : { device }),
        time: course?.newest ?? toIso(ctx.clock.now()),
        quality: 'good',
        attributes: {
          ...(named?.vehicle === undefined ? {} : { vehicle: named.vehicle }),
          ...(course === undefined ? {} : { course }),
        },
        subject: named?.subject ?? id,
        scan: id,
        outcome,
        confidence,
        reasons: [...reasons, ...doubt],
        findings: findings.map(carried),
        models: modelsOf(findings),
        ...(findings.some(simulated) ? { simulationValidated: true } : {}),
        ...(declaration === undefined ? {} : { declaration: carriedDeclaration(declaration) }),
      });
      scans.set(key, { judged: true });
      ctx.timers.set(key, ctx.clock.now() + rememberMs);
    }

    const ready = ({ course, findings }: Open): boolean =>
      course !== undefined && isWhole(course) && config.models.every((id) => hasConcluded(findings, id));

    /** Open scan of a message; undefined: it was judged. */
    function openScan(key: string): Open | undefined {
      const known = scans.get(key);
      if (known === undefined) admit(ctx.state, key, config.maxKeys);
      if (known && 'judged' in known) return undefined;
      return known ?? { findings: [] };
    }

    function goOn(key: string, scan: Open, out: Out): void {
      if (ready(scan)) judge(key, scan, out);
      else scans.set(key, scan);
    }

    function onFrame(frame: FrameMessage, out: Out): void {
      if (frame.scan === undefined) throw refusal('frame.scan', { detail: 'it belongs to no scan' });
      const key = scanPrefix + frame.scan;
      const scan = openScan(key);
      if (scan === undefined) throw refusal('frame.late', { scan: frame.scan });
      const ended = scan.course?.end !== undefined;
      const course = follow(scan.course, frame);
      const wait = course.end === undefined ? config.silenceSeconds : config.deadlineSeconds;
      // After its end a scan has no more time, whatever still comes of it.
      if (!ended) ctx.timers.set(key, ctx.clock.now() + wait * 1000);
      const device = frame.device ?? scan.device;
      goOn(key, { ...scan, course, ...(device === undefined ? {} : { device }) }, out);
    }

    function onFinding(finding: FindingMessage, out: Out): void {
      if (!isFinal(finding) || finding.scan === undefined) return;
      const key = scanPrefix + finding.scan;
      const scan = openScan(key);
      if (scan === undefined) return; // its time was up: the verdict says that this model was late
      if (scan.course === undefined) ctx.timers.set(key, ctx.clock.now() + config.silenceSeconds * 1000);
      goOn(key, { ...scan, findings: [...scan.findings, finding] }, out);
    }

    function onDeclaration(declaration: Declaration): void {
      const { conveyance } = declaration;
      if (conveyance === undefined)
        throw refusal('message.invalid', { kind: 'declaration', detail: 'it names no conveyance' });
      const key = declarationPrefix + normal(conveyance);
      admit(ctx.state, key, config.maxKeys);
      const known = declarations.get(key)?.declaration;
      if (known && (known.time ?? '') > (declaration.time ?? '')) return;
      declarations.set(key, { declaration });
      ctx.timers.set(key, ctx.clock.now() + config.keepSeconds * 1000);
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind === 'frame') return onFrame(checkFrame(message), out);
        if (message.kind === 'finding') return onFinding(message, out);
        if (message.kind === 'declaration') return onDeclaration(message);
        if (!isSighting(message)) return;
        const read = sightingOf(message, config);
        if (read === undefined) return;
        const keepMs = (config.beforeSeconds + config.silenceSeconds + rememberMs / 1000) * 1000;
        const added = { ...read, atMs: eventTime(message) };
        readings.set(sightingsKey, { sightings: remember(sightings(), added, keepMs) });
      },
      timer(key, _atMs, out) {
        const scan = key.startsWith(scanPrefix) ? scans.get(key) : undefined;
        if (scan === undefined || 'judged' in scan) ctx.state.delete(key);
        else judge(key, scan, out);
      },
    });
  },
});
