import { useMemo } from 'react'
import { piecesOf, type LinkedBy } from './message-text.ts'

interface MessageTextProps {
  readonly content: string
  readonly linkedBy: LinkedBy
}

/** What somebody wrote, line by line, in its own direction. */
export function MessageText({ content, linkedBy }: MessageTextProps) {
  const pieces = useMemo(() => piecesOf(content, linkedBy), [content, linkedBy])
  return (
    <p dir="auto" className="overflow-hidden text-[0.9375rem] leading-snug wrap-anywhere whitespace-pre-wrap">
      {pieces.map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a
            key={index}
            href={piece.href}
            target="_blank"
            rel="noopener noreferrer"
            className="text-accent underline underline-offset-2"
          >
            {piece.text}
          </a>
        ),
      )}
    </p>
  )
}
