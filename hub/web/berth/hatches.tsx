/** What is abnormal has a pattern as well as a colour: `suspect` is full with a cross, `none` is hatched. */
export function Hatches({ id }: { id: string }) {
  return (
    <defs>
      <pattern
        id={`${id}-none`}
        width="7"
        height="7"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width="7" height="7" fill="var(--warn-ground)" />
        <rect width="3" height="7" fill="var(--warn)" />
      </pattern>
      <pattern id={`${id}-suspect`} width="10" height="10" patternUnits="userSpaceOnUse">
        <rect width="10" height="10" fill="var(--alarm)" />
        <path d="M2.5 2.5l5 5m0-5l-5 5" stroke="var(--alarm-ground)" strokeWidth="1.4" />
      </pattern>
    </defs>
  );
}
