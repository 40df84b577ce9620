import { describe, expect, it } from 'vitest'
import { previewOf } from './preview-kind.ts'

describe('a preview', () => {
  it.each([
    ['photo.JPG', 'image'],
    ['song.mp3', 'audio'],
    ['film.webm', 'video'],
    ['paper.pdf', 'pdf'],
    ['notes.md', 'text'],
    ['program.exe', 'none'],
    ['constructor', 'none'],
    ['x.constructor', 'none'],
  ])('of %s is %s', (name, kind) => {
    expect(previewOf(name).kind).toBe(kind)
  })
  it.each(['drawing.svg', 'page.html', 'script.js', 'page.xhtml'])('never interprets %s', (name) => {
    expect(['text', 'none']).toContain(previewOf(name).kind)
  })
})
