/** A hatch for canvases: the sign of history that the simulator made, and of time that nobody confirmed. */
export function hatch(colour: string, background?: string): CanvasPattern | string {
  const size = 8 * window.devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  if (context === null) return colour;
  if (background !== undefined) {
    context.fillStyle = background;
    context.fillRect(0, 0, size, size);
  }
  context.strokeStyle = colour;
  context.lineWidth = size / 6;
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift, size);
    context.lineTo(shift + size, 0);
  }
  context.stroke();
  return context.createPattern(canvas, 'repeat') ?? colour;
}
