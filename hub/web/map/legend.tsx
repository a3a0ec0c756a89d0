/** What the marks on the map mean. */
export function Legend() {
  const ink = 'var(--map-object)';
  const entries: readonly [React.ReactNode, string][] = [
    [<path key="v" d="M12 4 18 19 12 15.5 6 19Z" fill={ink} />, 'Vehicle, pointing where it heads'],
    [<path key="s" d="M12 2 16 9v11H8V9Z" fill={ink} />, 'Vessel'],
    [<path key="d" d="m12 5 7 7-7 7-7-7Z" fill={ink} />, 'Seal'],
    [<circle key="c" cx="12" cy="12" r="5" fill={ink} />, 'Heading not known, or other'],
    [
      <path key="o" d="M12 4 18 19 12 15.5 6 19Z" fill="none" stroke="var(--map-stale)" strokeWidth="1.6" />,
      'Old position: no fix lately',
    ],
    [
      <g key="a">
        <path d="M12 7 16 16 12 14 8 16Z" fill="var(--alarm)" />
        <circle cx="12" cy="12" r="10" fill="none" stroke="var(--alarm)" strokeWidth="1.6" />
      </g>,
      'Alarm in the last 10 minutes, or seal not in order',
    ],
    [
      <circle key="r" cx="12" cy="12" r="10" fill="none" stroke="var(--select)" strokeWidth="2" />,
      'Selected',
    ],
    [
      <path
        key="m"
        d="M2 7V2h5M17 2h5v5M22 17v5h-5M7 22H2v-5"
        fill="none"
        stroke="var(--text)"
        strokeWidth="2"
      />,
      'Designated: marked for everybody',
    ],
    [
      <path key="t" d="M2 12h20" stroke="var(--map-track)" strokeWidth="2.4" />,
      'Where the selected one was before',
    ],
    [
      <path key="g" d="M2 12h20" stroke="var(--warn)" strokeWidth="2" strokeDasharray="2 3" />,
      'Gap: nothing is known between',
    ],
    [
      <path key="f" d="M2 12h20" stroke="var(--map-fence)" strokeWidth="1.6" strokeDasharray="5 3" />,
      'Fence',
    ],
    [
      <path key="w" d="M2 12h20" stroke="var(--map-fence)" strokeWidth="1.6" strokeDasharray="1 3" />,
      'Route',
    ],
    [
      <circle key="h" cx="12" cy="12" r="8" fill="var(--select)" fillOpacity="0.35" stroke="var(--select)" />,
      'Where things stood: the larger the longer (when switched on)',
    ],
  ];
  return (
    <div className="map-legend" data-testid="legend">
      {entries.map(([drawing, words]) => (
        <div key={words}>
          <svg viewBox="0 0 24 24" width="1.6em" height="1.6em" aria-hidden="true">
            {drawing}
          </svg>
          {words}
        </div>
      ))}
      <p className="muted">
        Coast lines: Natural Earth, right to about a kilometre; they fade where the port’s own drawing begins.
      </p>
    </div>
  );
}
