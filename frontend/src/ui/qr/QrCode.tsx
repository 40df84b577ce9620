import { useMemo } from 'react'
import { encodeQR } from 'qr'
import { cx } from '../cx.ts'
import { pathOf } from './path.ts'

/** Cells of light ground around the code, without which cameras do not find it. */
const quietCells = 3

/** A code, dark on light in every appearance: cameras expect no other. */
export function QrCode({
  content,
  label,
  className,
}: {
  readonly content: string
  readonly label: string
  readonly className?: string
}) {
  const { size, path } = useMemo(() => {
    // The lowest correction: a screen has no dirt, and fewer cells are read from farther away.
    const cells = encodeQR(content, 'raw', { ecc: 'low', border: quietCells })
    return { size: cells.length, path: pathOf(cells) }
  }, [content])
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className={cx('rounded-control bg-white text-black', className)}
    >
      <path fill="currentColor" d={path} />
    </svg>
  )
}
