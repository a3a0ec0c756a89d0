const width = 160;
const height = 120;

/** A drawn picture, another one each turn: a block that moves over a slope, with noise as every sensor has it. */
export function examplePicture(turn: number): Buffer {
  const head = Buffer.from(`P6\n${width} ${height}\n255\n`);
  const pixels = Buffer.alloc(width * height * 3);
  const left = (turn * 7) % (width - 24);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inBlock = x >= left && x < left + 24 && y >= 48 && y < 72;
      const noise = Math.imul(turn * 7919 + y * width + x, 2_654_435_761) >>> 29;
      const at = (y * width + x) * 3;
      pixels[at] = inBlock ? 220 : x + noise;
      pixels[at + 1] = inBlock ? 40 : y + noise;
      pixels[at + 2] = inBlock ? 40 : 90;
    }
  return Buffer.concat([head, pixels]);
}
