const radiusM = 6_378_137;
const radians = Math.PI / 180;

/** Where Mercator's projection has a place, metres at the equator; true to angles everywhere. */
export const eastOf = (lon: number): number => radiusM * radians * lon;
export const northOf = (lat: number): number =>
  radiusM * Math.log(Math.tan(Math.PI / 4 + (radians * Math.max(-85, Math.min(85, lat))) / 2));

/** How many metres of the projection a metre on the ground is, at a latitude in degrees. */
export const stretchAt = (lat: number): number => 1 / Math.cos(radians * Math.max(-85, Math.min(85, lat)));
