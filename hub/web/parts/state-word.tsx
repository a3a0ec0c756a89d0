import { type StateLook, StateMark } from './state-mark.tsx';

const classes: Partial<Record<StateLook, string>> = {
  warn: 'warn',
  alarm: 'alarm',
  off: 'muted',
  waiting: 'muted',
};

/** A state as shape and word. */
export function StateWord({ look, word, title }: { look: StateLook; word: string; title?: string }) {
  return (
    <span className={`state-word ${classes[look] ?? ''}`} title={title}>
      <StateMark look={look} />
      {word}
    </span>
  );
}
