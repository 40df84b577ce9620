/**
 * Opens camera (640x480) and microphone once and lets `getUserMedia` answer from them, so that nobody's time holds the
 * start of a camera and every contender sends the same picture: the state after a pre-join screen.
 */
export async function openSharedDevices(): Promise<void> {
  const devices = navigator.mediaDevices
  const source = await devices.getUserMedia({ audio: true, video: { width: 640, height: 480, frameRate: 30 } })
  devices.getUserMedia = (constraints) => {
    const wanted = [
      ...(constraints?.audio ? source.getAudioTracks() : []),
      ...(constraints?.video ? source.getVideoTracks() : []),
    ]
    return Promise.resolve(new MediaStream(wanted.map((track) => track.clone())))
  }
}
