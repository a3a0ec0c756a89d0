import { Type } from 'typebox';
import type { CommandDefinition } from '../command.ts';
import { lockCommands } from '../lock-orders.ts';

const closed = { additionalProperties: false };
const id = Type.Integer({ description: 'Number of the area.', minimum: 0, maximum: 0xffffffff });
const lon = Type.Number({ description: 'Longitude, degrees east.', minimum: -180, maximum: 180 });
const lat = Type.Number({ description: 'Latitude, degrees north.', minimum: -90, maximum: 90 });
const report = Type.Optional(
  Type.Object(
    {
      enter: Type.Optional(Type.Boolean({ description: 'Report entering.' })),
      exit: Type.Optional(Type.Boolean({ description: 'Report leaving.' })),
    },
    { ...closed, description: 'Which crossings the terminal reports; both when absent.' },
  ),
);
const forget = Type.Object(
  { ids: Type.Array(id, { description: 'Numbers of the areas; none means all.', maxItems: 125 }) },
  closed,
);

/** Actions other than those of a lock, by the command that each is. */
export const plainActions = {
  circle: {
    summary: 'Gives the terminal a circle whose crossings it reports.',
    parameters: Type.Object(
      {
        id,
        lon,
        lat,
        radiusM: Type.Number({ description: 'Radius, m.', exclusiveMinimum: 0, maximum: 0xffffffff }),
        report,
      },
      closed,
    ),
  },
  forgetCircles: { summary: 'Takes circles away from the terminal.', parameters: forget },
  forgetPolygons: { summary: 'Takes polygons away from the terminal.', parameters: forget },
  forgetRectangles: { summary: 'Takes rectangles away from the terminal.', parameters: forget },
  forgetRoutes: { summary: 'Takes routes away from the terminal.', parameters: forget },
  polygon: {
    summary: 'Gives the terminal a polygon whose crossings it reports.',
    parameters: Type.Object(
      {
        id,
        corners: Type.Array(Type.Object({ lon, lat }, closed), {
          description: 'Corners in order.',
          minItems: 3,
          maxItems: 100,
        }),
        report,
      },
      closed,
    ),
  },
  rectangle: {
    summary: 'Gives the terminal a rectangle whose crossings it reports.',
    parameters: Type.Object({ id, west: lon, south: lat, east: lon, north: lat, report }, closed),
  },
  route: {
    summary: 'Gives the terminal a route that it reports to enter and to leave.',
    parameters: Type.Object(
      {
        id,
        points: Type.Array(Type.Object({ lon, lat }, closed), {
          description: 'Turns from the beginning to the end.',
          minItems: 2,
          maxItems: 50,
        }),
        widthM: Type.Integer({ description: 'Width of the road, m.', minimum: 1, maximum: 255 }),
        report,
      },
      closed,
    ),
  },
  text: {
    summary: 'Shows or speaks a text to the driver.',
    parameters: Type.Object(
      {
        text: Type.String({ description: 'The text.', minLength: 1, maxLength: 500 }),
        urgent: Type.Optional(Type.Boolean({ description: 'It is urgent.' })),
        display: Type.Optional(Type.Boolean({ description: 'Show it; true when absent.' })),
        speak: Type.Optional(Type.Boolean({ description: 'Speak it; true when absent.' })),
      },
      closed,
    ),
  },
};

export const jt808Commands: readonly CommandDefinition[] = [
  ...Object.entries(plainActions).map(([action, known]) => ({ action, ...known, physical: false })),
  ...lockCommands,
];
