import type { Feature, Position } from 'geojson';
import type { FenceDiff } from '#hub/api/fence-types';
import { featureOf, type Kind, leastPoints, pathsOf, rounded, withPaths } from './shape.ts';

/** A corner of the chosen fence. */
export interface Corner {
  readonly path: number;
  readonly point: number;
}

/** What can be undone. */
interface Content {
  readonly features: ReadonlyMap<string, Feature>;
  /** Corners of what is being drawn; absent: nothing is. */
  readonly drawing?: readonly Position[];
}

export interface Draft extends Content {
  readonly set: string;
  readonly kind: Kind;
  /** The set as the hub has it, and in which version: 0 for a new one. */
  readonly base: ReadonlyMap<string, Feature>;
  readonly version: number;
  readonly chosen?: string;
  readonly corner?: Corner;
  readonly past: readonly Content[];
  readonly future: readonly Content[];
}

export type Edit =
  | { readonly kind: 'begin' }
  | { readonly kind: 'add'; readonly at: Position }
  | { readonly kind: 'finish'; readonly id: string; readonly name: string }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'choose'; readonly id?: string; readonly corner?: Corner }
  | { readonly kind: 'move'; readonly to: Position }
  | { readonly kind: 'insert'; readonly after: Corner; readonly at: Position }
  | { readonly kind: 'back' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'property'; readonly name: string; readonly value: unknown }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' };

const maxPast = 200;

export const newDraft = (set: string, kind: Kind, features: readonly Feature[], version: number): Draft => {
  const base = new Map(features.map((feature) => [String(feature.properties?.id), feature]));
  return { set, kind, base, version, features: base, past: [], future: [] };
};

const contentOf = ({ features, drawing }: Content): Content => ({ features, ...(drawing && { drawing }) });

/** A step that can be undone. */
function step(draft: Draft, content: Content, more: Partial<Draft> = {}): Draft {
  const { drawing: _, corner: __, ...rest } = draft;
  return {
    ...rest,
    ...content,
    ...more,
    past: [...draft.past, contentOf(draft)].slice(-maxPast),
    future: [],
  };
}

function withFeature(draft: Draft, feature: Feature | undefined, more: Partial<Draft> = {}): Draft {
  if (draft.chosen === undefined) return draft;
  const features = new Map(draft.features);
  if (feature) features.set(draft.chosen, feature);
  else features.delete(draft.chosen);
  return step(draft, { features }, more);
}

function changePoints(
  draft: Draft,
  path: number,
  change: (points: Position[]) => Position[],
  corner?: Corner,
): Draft {
  const feature = draft.chosen === undefined ? undefined : draft.features.get(draft.chosen);
  if (!feature) return draft;
  const paths = pathsOf(feature).map(({ points }, n) => (n === path ? change([...points]) : [...points]));
  if ((paths[path]?.length ?? 0) < leastPoints(draft.kind)) return draft;
  return withFeature(draft, withPaths(feature, paths), corner ? { corner } : {});
}

/** Takes back the last corner, or the one that is chosen. */
function goBack(draft: Draft): Draft {
  const { drawing, corner, features } = draft;
  if (drawing && drawing.length > 0) return step(draft, { features, drawing: drawing.slice(0, -1) });
  if (!corner) return draft;
  return changePoints(draft, corner.path, (points) => points.filter((_, n) => n !== corner.point));
}

function restore(draft: Draft, from: 'past' | 'future'): Draft {
  const content = draft[from].at(-1);
  if (!content) return draft;
  const to = from === 'past' ? 'future' : 'past';
  const { drawing: _, corner: __, chosen, ...rest } = draft;
  const still = chosen !== undefined && content.features.has(chosen) ? { chosen } : {};
  return {
    ...rest,
    ...content,
    ...still,
    [from]: draft[from].slice(0, -1),
    [to]: [...draft[to], contentOf(draft)],
  };
}

/** The draft after one step of whoever draws. */
export function edited(draft: Draft, edit: Edit): Draft {
  const { features, drawing, corner } = draft;
  switch (edit.kind) {
    case 'begin': {
      const { chosen: _, ...rest } = draft;
      return drawing ? draft : step(rest, { features, drawing: [] });
    }
    case 'add':
      return drawing ? step(draft, { features, drawing: [...drawing, rounded(edit.at)] }) : draft;
    case 'finish': {
      if (!drawing || drawing.length < leastPoints(draft.kind) || features.has(edit.id)) return draft;
      const feature = featureOf(draft.kind, edit.id, edit.name, drawing);
      return step(draft, { features: new Map(features).set(edit.id, feature) }, { chosen: edit.id });
    }
    case 'cancel':
      return drawing ? step(draft, { features }) : draft;
    case 'choose': {
      const { chosen: _, corner: __, ...rest } = draft;
      if (drawing || edit.id === undefined || !features.has(edit.id)) return drawing ? draft : rest;
      return { ...rest, chosen: edit.id, ...(edit.corner && { corner: edit.corner }) };
    }
    case 'move':
      if (!corner) return draft;
      return changePoints(
        draft,
        corner.path,
        (points) => points.with(corner.point, rounded(edit.to)),
        corner,
      );
    case 'insert': {
      const point = edit.after.point + 1;
      const put = (points: Position[]) => points.toSpliced(point, 0, rounded(edit.at));
      return changePoints(draft, edit.after.path, put, { path: edit.after.path, point });
    }
    case 'back':
      return goBack(draft);
    case 'remove': {
      const { chosen: _, ...rest } = withFeature(draft, undefined);
      return draft.chosen === undefined ? draft : rest;
    }
    case 'property': {
      const feature = draft.chosen === undefined ? undefined : features.get(draft.chosen);
      const { [edit.name]: _, ...properties } = feature?.properties ?? {};
      const value = edit.value === undefined || edit.value === '' ? {} : { [edit.name]: edit.value };
      return feature ? withFeature(draft, { ...feature, properties: { ...properties, ...value } }) : draft;
    }
    case 'undo':
      return restore(draft, 'past');
    case 'redo':
      return restore(draft, 'future');
  }
}

/** What is different from the hub's, in order of id. */
export function changesOf({ base, features }: Draft): FenceDiff['changes'] {
  const ids = [...new Set([...base.keys(), ...features.keys()])].sort();
  return ids.flatMap((id) => {
    const [before, after] = [base.get(id), features.get(id)];
    if (before === after || JSON.stringify(before) === JSON.stringify(after)) return [];
    return [{ id, ...(before && { before }), ...(after && { after }) }];
  });
}

/** A name for the next fence that no other has. */
export function freeId(draft: Draft): string {
  const stem = draft.kind === 'routes' ? 'route' : 'fence';
  for (let n = 1; ; n++)
    if (!draft.features.has(`${stem}-${n}`) && !draft.base.has(`${stem}-${n}`)) return `${stem}-${n}`;
}
