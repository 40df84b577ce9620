const fps = 12

/** A moving picture of somebody at a desk, so that tiles look as in a call. */
export function paintedCamera(hue: number, phase = 0): MediaStream {
  return paint(640, 360, (pen, seconds) => {
    const wall = pen.createLinearGradient(0, 0, 640, 360)
    wall.addColorStop(0, `hsl(${hue} 24% 62%)`)
    wall.addColorStop(1, `hsl(${hue + 30} 26% 40%)`)
    pen.fillStyle = wall
    pen.fillRect(0, 0, 640, 360)
    pen.fillStyle = `hsl(${hue + 15} 30% 74% / .5)`
    pen.fillRect(60, 40, 130, 170)
    const sway = Math.sin(seconds * 1.3 + phase) * 9
    pen.fillStyle = `hsl(${hue + 200} 28% 30%)`
    pen.beginPath()
    pen.ellipse(330 + sway * 0.6, 372, 150, 130, 0, 0, Math.PI * 2)
    pen.fill()
    pen.fillStyle = `hsl(${22 + (hue % 14)} 42% ${58 + (hue % 22)}%)`
    pen.beginPath()
    pen.ellipse(330 + sway, 176, 62, 78, 0, 0, Math.PI * 2)
    pen.fill()
    pen.fillStyle = `hsl(${(hue * 3) % 60} 30% 20%)`
    pen.beginPath()
    pen.ellipse(330 + sway, 132, 68, 48, 0, Math.PI, Math.PI * 2)
    pen.fill()
  })
}

/** A shared screen: a window with text and a chart. */
export function paintedScreen(): MediaStream {
  return paint(1600, 900, (pen, seconds) => {
    pen.fillStyle = '#f7f8fa'
    pen.fillRect(0, 0, 1600, 900)
    pen.fillStyle = '#22303f'
    pen.fillRect(0, 0, 1600, 64)
    for (let line = 0; line < 14; line++) {
      pen.fillStyle = line % 5 === 0 ? '#22303f' : '#c4ccd6'
      pen.fillRect(80, 130 + line * 48, 260 + ((line * 137) % 380), 18)
    }
    for (let bar = 0; bar < 9; bar++) {
      const height = 120 + ((bar * 83) % 320) + Math.sin(seconds + bar) * 12
      pen.fillStyle = bar === 5 ? '#0c6a66' : '#9fb8c4'
      pen.fillRect(880 + bar * 68, 780 - height, 44, height)
    }
  })
}

function paint(
  width: number,
  height: number,
  draw: (pen: CanvasRenderingContext2D, seconds: number) => void,
): MediaStream {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const pen = canvas.getContext('2d')
  const stream = canvas.captureStream(fps)
  if (pen) setInterval(() => draw(pen, performance.now() / 1000), 1000 / fps)
  return stream
}
