const paths = {
  map: 'M3 6.5 9 4l6 2.5L21 4v13.5L15 20l-6-2.5L3 20ZM9 4v13.5M15 6.5V20',
  events: 'M4 6h16M4 12h16M4 18h10',
  scans: 'M3 8V4h4M17 4h4v4M21 16v4h-4M7 20H3v-4M6 9.5h12v5.5H6ZM12 3v18',
  loupe: 'M4.5 10.5a6 6 0 1 0 12 0 6 6 0 1 0-12 0M15 15l5 5M10.5 8v5M8 10.5h5',
  measure: 'M3 16.5 16.5 3 21 7.5 7.5 21ZM7 12.5l2 2M10 9.5l2 2M13 6.5l2 2',
  sweep: 'M3 12h3l3-7 6 14 3-7h3',
  invert: 'M4 4h16v16H4ZM4 20 20 4',
  edges: 'M6 6h12v12H6ZM3 3l3 3M21 3l-3 3M3 21l3-3M21 21l-3-3',
  marks: 'M4 5h9v9H4ZM16 8h4v11H9v-2',
  list: 'M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h6v6h-6Z',
  berth: 'M3 16h18M5 16a2 2 0 1 0 0 .01M19 16a2 2 0 1 0 0 .01M6 13l3-5 3 3 2-4 4 6M3 19.5h18',
  boxes: 'M4 4h16v6H4ZM4 14h16v6H4ZM7.5 7h.01M7.5 17h.01M11 7h6M11 17h6',
  help: 'M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 1.9M12 17.3v.2M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0',
  theme: 'M12 3.5a8.5 8.5 0 1 0 0 17ZM12 3.5a8.5 8.5 0 0 1 0 17',
  close: 'm6 6 12 12M18 6 6 18',
  play: 'M7 4.5 19 12 7 19.5Z',
  pause: 'M7.5 5v14M16.5 5v14',
  back: 'M19 5 9 12l10 7ZM6 5v14',
  forward: 'm5 5 10 7-10 7ZM18 5v14',
  earlier: 'm14 6-6 6 6 6',
  later: 'm10 6 6 6-6 6',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  follow: 'M12 3v4M12 17v4M3 12h4M17 12h4M8 12a4 4 0 1 0 8 0 4 4 0 1 0-8 0',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  search: 'M4.5 10.5a6 6 0 1 0 12 0 6 6 0 1 0-12 0M15 15l5 5',
  signOut: 'M10 4H5v16h5M14 8l4 4-4 4M8 12h10',
  fences: 'M5 6 14 4l5 7-4 8-9-2ZM5 6h.01M14 4h.01M19 11h.01M15 19h.01M6 17h.01',
  watch:
    'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0',
  laboratory:
    'M9 3.5h6M10 3.5v6L4.8 18a1.7 1.7 0 0 0 1.5 2.5h11.4a1.7 1.7 0 0 0 1.5-2.5L14 9.5v-6M7.5 14.5h9',
  stops: 'M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0M9 8.5v7M15 8.5v7',
  legend: 'M5 6h2M5 12h2M5 18h2M11 6h8M11 12h8M11 18h8',
} as const;

export type IconName = keyof typeof paths;

/** Line drawings of one weight; the control's own label says what it does. */
export function Icon({ name, size = '1.4em' }: { name: IconName; size?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill={name === 'play' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
