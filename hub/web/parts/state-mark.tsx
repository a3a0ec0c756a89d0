export type StateLook = 'good' | 'waiting' | 'off' | 'warn' | 'alarm';

/** Shape of a state: a quiet tick while all is well, a shape and colour of its own for the rest. */
export function StateMark({ look }: { look: StateLook }) {
  return (
    <svg className="mark" viewBox="0 0 16 16" width="1em" height="1em" aria-hidden="true">
      {look === 'good' && (
        <path d="m3 8.4 3.2 3.2L13 4.8" fill="none" stroke="var(--muted)" strokeWidth="1.8" />
      )}
      {look === 'waiting' && (
        <circle
          cx="8"
          cy="8"
          r="5.5"
          fill="none"
          stroke="var(--muted)"
          strokeWidth="1.6"
          strokeDasharray="2.6 2.2"
        />
      )}
      {look === 'off' && <path d="M3 8h10" stroke="var(--muted)" strokeWidth="1.8" />}
      {look === 'warn' && (
        <>
          <rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="var(--warn)" />
          <path d="M8 4.2v5M8 10.8v1.7" stroke="var(--ground)" strokeWidth="1.8" />
        </>
      )}
      {look === 'alarm' && (
        <>
          <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="var(--alarm)" />
          <path d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" stroke="var(--ground)" strokeWidth="1.7" />
        </>
      )}
    </svg>
  );
}
