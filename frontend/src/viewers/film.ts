import { failed, whenHanded } from './handed.ts'
import { openFilm } from './film-source.ts'
import { FilmPlayer } from './film-player.ts'

whenHanded(async ({ name, sizeBytes }, ranges) => {
  const film = await openFilm(ranges, sizeBytes)
  const video = document.createElement('video')
  video.controls = true
  video.setAttribute('aria-label', name)
  document.body.replaceChildren(video)
  await new FilmPlayer(video, film, failed).start()
})
