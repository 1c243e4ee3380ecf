import sharp from 'sharp';

/** A photograph-like JPEG (many details, 500 x 375 pixels, some 100 kB), another one for every seed. */
export const makePhotograph = async (seed: number): Promise<Buffer> => {
  const width = 500;
  const height = 375;
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grain = ((x * 7919 + y * 104729 + seed * 1299709) % 61) - 30;
      for (let channel = 0; channel < 3; channel++) {
        const wave = Math.sin((x + seed * 3) / (17 + channel * 9)) * Math.cos((y - seed * 5) / (13 + channel * 7));
        pixels[(y * width + x) * 3 + channel] = Math.min(255, Math.max(0, 128 + 90 * wave + grain));
      }
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
};
