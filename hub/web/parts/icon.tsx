const paths = {
  map: 'M3 6.5 9 4l6 2.5L21 4v13.5L15 20l-6-2.5L3 20ZM9 4v13.5M15 6.5V20',
  events: 'M4 6h16M4 12h16M4 18h10',
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
