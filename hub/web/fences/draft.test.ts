import fc from 'fast-check';
import type { Feature, Position } from 'geojson';
import { describe, expect, test } from 'vitest';
import { changesOf, type Draft, type Edit, edited, freeId, newDraft } from './draft.ts';
import { featureOf, pathsOf } from './shape.ts';
import { snap } from './snap.ts';

const corners: Position[] = [
  [0, 0],
  [2, 0],
  [2, 2],
];
const start = newDraft('port', 'fences', [featureOf('fences', 'a', 'A', corners)], 3);
const made = (draft: Draft, ...edits: Edit[]) => edits.reduce(edited, draft);
const pointsOf = (draft: Draft, id: string) => pathsOf(draft.features.get(id) as Feature)[0]?.points;

describe('drawing', () => {
  test('a fence is drawn corner by corner, taken back, closed and named', () => {
    const adds = corners.map((at): Edit => ({ kind: 'add', at }));
    const drawn = made(start, { kind: 'begin' }, ...adds, { kind: 'add', at: [9, 9] }, { kind: 'back' });
    expect(drawn.drawing).toEqual(corners);
    const done = made(drawn, { kind: 'finish', id: 'b', name: 'B' });
    expect(done).toMatchObject({ chosen: 'b' });
    expect(done.drawing).toBeUndefined();
    expect(pointsOf(done, 'b')).toEqual(corners);
    expect(changesOf(done)).toMatchObject([{ id: 'b', after: { properties: { id: 'b', name: 'B' } } }]);
    expect(made(drawn, { kind: 'finish', id: 'a', name: 'taken' })).toBe(drawn);
    const two = made(start, { kind: 'begin' }, ...adds.slice(1));
    expect(made(two, { kind: 'finish', id: 'b', name: 'B' })).toBe(two);
    expect(freeId(done)).toBe('fence-1');
  });
  test('corners are moved, put in between and taken out, but never fewer than make a fence', () => {
    const choose: Edit = { kind: 'choose', id: 'a', corner: { path: 0, point: 1 } };
    const moved = made(start, choose, { kind: 'move', to: [3, 0] });
    expect(pointsOf(moved, 'a')).toEqual([
      [0, 0],
      [3, 0],
      [2, 2],
    ]);
    const more = made(moved, { kind: 'insert', after: { path: 0, point: 2 }, at: [0, 2] });
    expect(more.corner).toEqual({ path: 0, point: 3 });
    expect(pointsOf(more, 'a')?.length).toBe(4);
    expect(pointsOf(made(more, { kind: 'back' }), 'a')).toEqual(pointsOf(moved, 'a'));
    expect(made(moved, { kind: 'back' })).toBe(moved);
    expect(pathsOf(moved.features.get('a') as Feature)[0]?.points).not.toContainEqual([2, 0]);
  });
  test('rules are set and taken away, and a fence is removed', () => {
    const named = made(start, { kind: 'choose', id: 'a' }, { kind: 'property', name: 'capacity', value: 4 });
    expect(named.features.get('a')?.properties).toEqual({ id: 'a', name: 'A', capacity: 4 });
    expect(changesOf(made(named, { kind: 'property', name: 'capacity', value: '' }))).toEqual([]);
    expect(changesOf(made(named, { kind: 'remove' }))).toMatchObject([{ id: 'a', before: {} }]);
  });
  test('whatever is done can be undone to the beginning and done again', () => {
    const at = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
    const edit: fc.Arbitrary<Edit> = fc.oneof(
      fc.constant<Edit>({ kind: 'begin' }),
      at.map((place): Edit => ({ kind: 'add', at: place })),
      fc.constantFrom('b', 'c').map((id): Edit => ({ kind: 'finish', id, name: id })),
      fc.constantFrom('a', 'b').map((id): Edit => ({ kind: 'choose', id, corner: { path: 0, point: 1 } })),
      at.map((place): Edit => ({ kind: 'move', to: place })),
      fc.constantFrom<Edit>({ kind: 'back' }, { kind: 'remove' }, { kind: 'cancel' }),
    );
    const content = ({ features, drawing }: Draft) => JSON.stringify([[...features], drawing]);
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
        const done = made(start, ...edits);
        const steps = done.past.length;
        const undone = made(done, ...Array.from({ length: steps }, (): Edit => ({ kind: 'undo' })));
        expect(content(undone)).toBe(content(start));
        const again = made(undone, ...Array.from({ length: steps }, (): Edit => ({ kind: 'redo' })));
        expect(content(again)).toBe(content(done));
      }),
    );
  });
});

describe('snapping', () => {
  const lines = [{ points: corners, closed: true }];
  const scale = { lon: 100, lat: 100 };
  test('to a corner before an edge, and to nothing out of reach', () => {
    expect(snap([0.05, 0.05], lines, scale, 10)).toEqual({ at: [0, 0], to: 'corner' });
    expect(snap([1, 0.05], lines, scale, 10)).toEqual({ at: [1, 0], to: 'edge' });
    expect(snap([0.95, 1.02], lines, scale, 10).to).toBe('edge'); // the edge that closes it
    expect(snap([0.95, 1.02], [{ points: corners, closed: false }], scale, 10).to).toBe('nothing');
    expect(snap([1, 0.5], lines, scale, 10)).toEqual({ at: [1, 0.5], to: 'nothing' });
    expect(snap([1, 0.5], [], scale, 10).to).toBe('nothing');
  });
});
