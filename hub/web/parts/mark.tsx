import type { Look } from '../format/severity.ts';

const tick = (
  <>
    <circle cx="8" cy="8" r="6" fill="none" stroke="var(--muted)" strokeWidth="1.4" />
    <path d="m5 8.2 2.2 2.2L11 6" fill="none" stroke="var(--muted)" strokeWidth="1.5" />
  </>
);
const struck = (
  <path d="M3 8h10M8 2.2 13.8 8 8 13.8 2.2 8Z" fill="none" stroke="var(--faint)" strokeWidth="1.4" />
);

const shapes: Record<Look, React.ReactNode> = {
  alarm: (
    <>
      <path d="M8 1.2 15.4 14.4H.6Z" fill="var(--alarm)" />
      <path d="M8 5.4v4.4M8 11.3v1.6" stroke="var(--ground)" strokeWidth="1.7" />
    </>
  ),
  over: tick,
  suspect: <path d="M8 1 15 8 8 15 1 8Z" fill="var(--warn)" />,
  none: (
    <>
      <circle
        cx="8"
        cy="8"
        r="6"
        fill="none"
        stroke="var(--warn)"
        strokeWidth="1.6"
        strokeDasharray="3 2.2"
      />
      <path d="M5.4 8h5.2" stroke="var(--warn)" strokeWidth="1.8" />
    </>
  ),
  clear: tick,
  verdict: <path d="M8 2.2 13.8 8 8 13.8 2.2 8Z" fill="none" stroke="var(--muted)" strokeWidth="1.5" />,
  telemetry: <circle cx="8" cy="8" r="2.2" fill="var(--faint)" />,
  withdrawn: struck,
  replaced: struck,
};

/** The shape of an event's look; the word stands beside it. */
export function Mark({ look }: { look: Look }) {
  return (
    <svg className="mark" viewBox="0 0 16 16" width="1.05em" height="1.05em" aria-hidden="true">
      {shapes[look]}
    </svg>
  );
}
