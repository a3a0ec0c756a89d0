import type { FindingMessage } from '../inference.ts';
import type { MessageOf } from '../message.ts';
import type { VerdictConfig } from './verdict-config.ts';

type Declaration = MessageOf<'declaration'>;
export type Outcome = MessageOf<'verdict'>['outcome'];

/** What one conclusion, or the lack of one, speaks for. */
interface Voice {
  readonly outcome: Outcome;
  readonly score: number;
  readonly reasons: readonly string[];
}

export interface Conclusion {
  readonly outcome: Outcome;
  readonly confidence: number;
  readonly reasons: readonly string[];
}

export const isFinal = (finding: FindingMessage): boolean => finding.attributes.final === true;

/** All that a model concludes is there: each of its final findings says how many they are (`attributes.of`). */
export function hasConcluded(findings: readonly FindingMessage[], id: string): boolean {
  const own = findings.filter(({ model }) => model === id);
  return own.length > 0 && own.every(({ attributes: { of } }) => typeof of !== 'number' || own.length >= of);
}

/** Whether the declaration says that there is nothing in it. */
const declaredEmpty = ({ goods }: Declaration): boolean => goods.length === 0;

/**
 * What follows of a scan. Anything that speaks against judging the scan itself makes `none`, whatever a model
 * says of it; else one suspect conclusion makes `suspect`, one abstention or missing conclusion `none`, and
 * only when all of them speak for it, `clear`.
 */
export function concludeScan(
  findings: readonly FindingMessage[],
  obstacles: readonly string[],
  declaration: Declaration | undefined,
  config: VerdictConfig,
): Conclusion {
  const voices = [
    ...findings
      .filter((finding) => decides(finding, findings, config))
      .map((finding) => voiceOf(finding, declaration, config)),
    ...config.models
      .filter((id) => !hasConcluded(findings, id))
      .map((id): Voice => ({ outcome: 'none', score: 0, reasons: [`Model ${id} has not concluded.`] })),
  ];
  const all = (outcome: Outcome) => voices.filter((voice) => voice.outcome === outcome);
  const said = (of: readonly Voice[]) => [...new Set(of.flatMap(({ reasons }) => reasons))];
  const [suspect, none, clear] = [all('suspect'), all('none'), all('clear')];
  if (obstacles.length > 0) {
    return { outcome: 'none', confidence: 0, reasons: [...obstacles, ...said([...suspect, ...none])] };
  }
  if (suspect.length > 0) {
    const confidence = Math.max(...suspect.map(({ score }) => score));
    return { outcome: 'suspect', confidence, reasons: said([...suspect, ...none]) };
  }
  if (none.length > 0) return { outcome: 'none', confidence: 0, reasons: said(none) };
  const confidence = Math.min(...clear.map(({ score }) => score));
  return { outcome: 'clear', confidence, reasons: said(clear) };
}

/** Findings that say where something lies go with the one that says what follows; alone they say too little. */
function decides(
  finding: FindingMessage,
  findings: readonly FindingMessage[],
  { clear, suspect, empty, loaded }: VerdictConfig,
): boolean {
  const telling = new Set(['abstained', empty, loaded, ...clear, ...suspect]);
  const others = findings.filter(({ model }) => model === finding.model);
  return telling.has(finding.label) || !others.some(({ label }) => telling.has(label));
}

function voiceOf(
  finding: FindingMessage,
  declaration: Declaration | undefined,
  config: VerdictConfig,
): Voice {
  const { label, score, model } = finding;
  const voice = (outcome: Outcome, ...reasons: string[]): Voice => ({
    outcome,
    score,
    reasons: [...reasons, ...own(finding)],
  });
  if (label === 'abstained') return voice('none', `Model ${model} does not judge this scan.`);
  if (label === config.empty || label === config.loaded) {
    const [outcome, reason] = compare(label === config.empty, declaration, config);
    return voice(outcome, reason);
  }
  const said = `Model ${model} says ${label}.`;
  if (config.suspect.includes(label)) return voice('suspect', said);
  if (config.clear.includes(label)) return voice('clear', said);
  return voice('none', `${said} Nobody told what that means for the verdict.`);
}

/** Declared against seen. */
function compare(
  seenEmpty: boolean,
  declaration: Declaration | undefined,
  { clear, suspect, empty, loaded }: VerdictConfig,
): readonly [Outcome, string] {
  if (declaration === undefined) {
    const label = seenEmpty ? empty : loaded;
    const outcome = suspect.includes(label) ? 'suspect' : clear.includes(label) ? 'clear' : 'none';
    return [outcome, `${seenEmpty ? 'No load' : 'A load'} was found, and no declaration is known.`];
  }
  if (declaredEmpty(declaration)) {
    return seenEmpty
      ? ['clear', 'Declared empty, and no load was found.']
      : ['suspect', 'Declared empty, and a load was found.'];
  }
  return seenEmpty
    ? ['suspect', 'Goods are declared, and no load was found.']
    : ['none', 'Goods are declared and a load was found: what it is was not judged.'];
}

/** What the model itself gives as reasons. */
function own({ evidence }: FindingMessage): string[] {
  const reasons = (evidence as { reasons?: unknown } | undefined)?.reasons;
  return Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : [];
}
