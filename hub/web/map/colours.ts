const names = [
  'sea',
  'land',
  'coast',
  'grid',
  'ground',
  'water',
  'paved',
  'yard',
  'road',
  'building',
  'edge',
  'fence',
  'object',
  'stale',
  'track',
] as const;

/** The theme's colours as CSS text, read from its custom properties. */
export type Colours = Record<
  (typeof names)[number] | 'alarm' | 'warn' | 'select' | 'text' | 'muted' | 'surface',
  string
>;

export function readColours(element: Element): Colours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const plain = ['alarm', 'warn', 'select', 'text', 'muted', 'surface'] as const;
  return Object.fromEntries([
    ...names.map((name) => [name, read(`map-${name}`)]),
    ...plain.map((name) => [name, read(name)]),
  ]) as Colours;
}

/** `#rrggbb` as three numbers from 0 to 1. */
export function rgb(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
