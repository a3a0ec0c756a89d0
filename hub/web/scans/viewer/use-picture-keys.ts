import { useCommand } from '../../frame/use-command.ts';
import { type Point, panned, type Size, toScan, toScreen, type View, zoomedAt } from '../draw/view.ts';
import { moved, presetOf, presets, wholeWindow, widened } from '../draw/window.ts';
import { scanViews } from '../look.ts';
import { isDual, viewOfLook } from '../planes.ts';
import type { PictureProps } from './picture.tsx';

interface Surroundings extends PictureProps {
  readonly size: Size;
  readonly extent: { readonly columns: number; readonly rows: number };
  readonly view: View;
  readonly setView: (view: View) => void;
  readonly anchor: Point | undefined;
  readonly setAnchor: (point: Point | undefined) => void;
}

const hairStep = 10;
const panStep = 0.15;
/** The picture follows a cross hair that comes this near to its edge, px. */
const edge = 30;

/** The keys of an open scan: everything that a hand with a mouse can do. */
export function usePictureKeys(props: Surroundings): void {
  const { scan, look, setLook, size, view, setView, probe, onProbe, anchor, setAnchor } = props;
  const window = look.window ?? wholeWindow;
  const middle = { x: size.width / 2, y: size.height / 2 };
  const zoom = (factor: number) =>
    setView(zoomedAt(view, size, factor, probe ? toScreen(view, size, probe) : middle));
  const pan = (x: number, y: number) =>
    setView(panned(view, x * size.width * panStep, y * size.height * panStep));

  const hair = (dx: number, dy: number) => {
    const from = toScreen(view, size, probe ?? { x: view.x, y: view.y });
    const to = probe ? { x: from.x + dx * hairStep, y: from.y + dy * hairStep } : from;
    const inside = {
      x: Math.min(size.width - edge, Math.max(edge, to.x)),
      y: Math.min(size.height - edge, Math.max(edge, to.y)),
    };
    onProbe(toScan(view, size, to));
    if (inside.x !== to.x || inside.y !== to.y) setView(panned(view, inside.x - to.x, inside.y - to.y));
  };
  const step = (by: number) => {
    const views = scanViews.filter((each) => isDual(scan) || each === 'high' || each === 'mass');
    const next = (views.indexOf(viewOfLook(look, scan)) + by + views.length) % views.length;
    setLook({ view: views[next] });
  };
  const preset = () => {
    const at = presets.findIndex((each) => each.name === presetOf(window));
    setLook({ window: presets[(at + 1) % presets.length]?.window });
  };
  const finding = (by: number) => {
    const count = scan.findings.length;
    if (count === 0) return;
    const from = look.finding ?? (by > 0 ? -1 : 0);
    setLook({ finding: (from + by + count) % count, bare: false });
  };
  const measure = () => {
    if (anchor && probe) {
      setLook({ line: [anchor.x, anchor.y, probe.x, probe.y] });
      setAnchor(undefined);
    } else if (look.line) setLook({ line: undefined });
    else if (probe) setAnchor(probe);
  };

  useCommand({
    fit: () => setLook({ place: undefined }),
    zoomIn: () => zoom(1.4),
    zoomOut: () => zoom(1 / 1.4),
    oneToOne: () => zoom(1 / (view.zoom * devicePixelRatio)),
    left: () => hair(-1, 0),
    right: () => hair(1, 0),
    up: () => hair(0, -1),
    down: () => hair(0, 1),
    panLeft: () => pan(1, 0),
    panRight: () => pan(-1, 0),
    panUp: () => pan(0, 1),
    panDown: () => pan(0, -1),
    nextView: () => step(1),
    previousView: () => step(-1),
    preset,
    lighter: () => setLook({ window: moved(window, -0.1) }),
    denser: () => setLook({ window: moved(window, 0.1) }),
    narrower: () => setLook({ window: widened(window, 1 / 1.25) }),
    wider: () => setLook({ window: widened(window, 1.25) }),
    brighter: () => setLook({ gamma: gammaBy(look.gamma, 1.15) }),
    darker: () => setLook({ gamma: gammaBy(look.gamma, 1 / 1.15) }),
    invert: () => setLook({ inverted: !look.inverted }),
    edges: () => setLook({ edges: !look.edges }),
    marks: () => setLook({ bare: !look.bare }),
    nextFinding: () => finding(1),
    previousFinding: () => finding(-1),
    measure,
    loupe: () => props.onLoupe(!props.loupe),
  });
}

/** Exactly 1 is passed through, so that one can come back to it. */
function gammaBy(gamma = 1, factor: number): number | undefined {
  const next = Number(Math.min(4, Math.max(0.25, gamma * factor)).toPrecision(3));
  return Math.abs(next - 1) < 0.06 ? undefined : next;
}
