import { useEffect } from 'react';
import { ReportArea } from './berth/report-area.tsx';
import { Frame } from './frame/frame.tsx';
import { useScreen } from './parts/screen-context.tsx';
import { SignInPage } from './signin/sign-in.tsx';
import { runScreen } from './state/run.ts';
import { useStore } from './state/store.ts';

/** The frame for who is signed in; the sign-in page for who is not. */
export function App() {
  const screen = useScreen();
  const signIn = useStore(screen.signIn);
  const { area, box, report } = useStore(screen.address);
  const inside = signIn.state === 'in';
  useEffect(() => (inside ? runScreen(screen, window) : undefined), [inside, screen]);
  if (signIn.state === 'unknown') return <p className="waiting">Asking the hub …</p>;
  if (signIn.state === 'out') return <SignInPage signIn={signIn} />;
  if (area === 'berth' && box && report) return <ReportArea box={box} ship={report} />;
  return <Frame />;
}
