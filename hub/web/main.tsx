import './styles/theme.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/frame.css';
import './styles/time.css';
import './styles/map.css';
import './styles/fences.css';
import './styles/tracks.css';
import './styles/watch.css';
import './styles/events.css';
import './styles/scans.css';
import './styles/scan-viewer.css';
import './styles/scan-detail.css';
import './styles/boxes.css';
import './styles/berth.css';
import './styles/control-charts.css';
import './styles/laboratory.css';
import './styles/report.css';
import './styles/sign-in.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { ScreenProvider } from './parts/screen-context.tsx';
import { enterByLink, tokenOf } from './signin/one-time-link.ts';
import { askSession, createScreen } from './state/screen.ts';

// A part of the page that is not there any more: it was built anew since. One try, not a circle.
window.addEventListener('vite:preloadError', () => {
  const key = 'quaywatch.reloaded';
  if (Date.now() - Number(sessionStorage.getItem(key)) < 60_000) return;
  sessionStorage.setItem(key, String(Date.now()));
  window.location.reload();
});

const screen = createScreen(window);
const token = tokenOf(window.location);
void (token === undefined ? askSession(screen) : enterByLink(screen, token, window.history));

const place = document.getElementById('screen');
if (place)
  createRoot(place).render(
    <StrictMode>
      <ScreenProvider value={screen}>
        <App />
      </ScreenProvider>
    </StrictMode>,
  );
