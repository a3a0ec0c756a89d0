import { useEffect, useMemo, useState } from 'react';
import { BerthArea } from '../berth/berth-area.tsx';
import { BoxesArea } from '../boxes/boxes-area.tsx';
import { EventsArea } from '../events/events-area.tsx';
import { LaboratoryArea } from '../laboratory/laboratory-area.tsx';
import { MapArea } from '../map/map-area.tsx';
import { usePast, useScreen } from '../parts/screen-context.tsx';
import { ScansArea } from '../scans/scans-area.tsx';
import { useSelected } from '../state/store.ts';
import { WatchArea } from '../watch/watch-area.tsx';
import { DeadLink } from './dead-link.tsx';
import { Detail } from './detail.tsx';
import { Help } from './help.tsx';
import { PastBanner } from './past-banner.tsx';
import { Rail } from './rail.tsx';
import { isForScreen, isMeant, shortcuts } from './shortcuts.ts';
import { StatusBar } from './status-bar.tsx';
import { TimeBar } from './time-bar.tsx';
import { useTheme } from './use-theme.ts';

/** The one frame of the screen: status above, areas at the left, work, detail, and time below. */
export function Frame() {
  const screen = useScreen();
  const area = useSelected(screen.address, (address) => address.area);
  const past = usePast();
  const [help, setHelp] = useState(false);
  const [, toggleTheme] = useTheme();
  const entries = useMemo(() => shortcuts({ help: () => setHelp(true), theme: toggleTheme }), [toggleTheme]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isForScreen(event)) return;
      const entry = entries.find((each) => isMeant(each, event, screen));
      if (!entry) return;
      event.preventDefault();
      entry.run(screen);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [entries, screen]);

  return (
    <div className="frame" data-time={past ? 'past' : 'live'} data-testid="frame">
      <StatusBar />
      <Rail onHelp={() => setHelp(true)} onTheme={toggleTheme} />
      <main className="work" data-testid={`work-${area}`}>
        <DeadLink />
        <PastBanner />
        {(area === 'live' || area === 'fences') && <MapArea fences={area === 'fences'} />}
        {area === 'events' && <EventsArea />}
        {area === 'scans' && <ScansArea />}
        {area === 'berth' && <BerthArea />}
        {area === 'boxes' && <BoxesArea />}
        {area === 'watch' && <WatchArea />}
        {area === 'laboratory' && <LaboratoryArea />}
      </main>
      <Detail />
      <TimeBar />
      {help && <Help entries={entries} onClose={() => setHelp(false)} />}
    </div>
  );
}
