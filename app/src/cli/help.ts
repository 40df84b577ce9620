export const help = `pigeon: end-to-end encrypted rooms from the terminal

  pigeon join <link>   enter a room; each line you type is sent as a message
  pigeon new           print the link of a fresh room
  pigeon replicate …   keep the files of a room without being able to read them: see below
  pigeon roster …      say who belongs to an organisation: see below
  pigeon help          this page

Options
  --name NAME          how others see you (default: Guest)
  --json               one JSON object a line, for scripts
  --ephemeral          be somebody new this time; otherwise PIGEON_DATA keeps who you are
  --relay URL          go through a DHT relay (ws:// or wss://) instead of the DHT; may be repeated
  --bootstrap LIST     DHT nodes to join through, host:port,host:port
  --origin URL         new: the page that the link opens (default: http://localhost:3060)
  --join               new: enter the room at once, as its host

Rosters: a signed list that turns the members of an organisation into verified contacts
  pigeon roster key FILE              make the organisation's key, print its fingerprint
  pigeon roster sign --key FILE --name ORGANISATION [--days N] [--revoke=ID] MEMBERS OUT
                                      MEMBERS has a contact link on each line, and a name after it if you like
  pigeon roster show FILE             print what a roster says
  --days N             how long it vouches (default: 90)
  --revoke=ID          a key that is not to be trusted any more, by its id or contact link; may be repeated

Blind replica: keeps the encrypted files of a room and serves them when the members' nodes are away
  pigeon replicate --blind CODE       CODE comes from a member of the room; Ctrl-C ends it, and it goes on where it was
  --quota SIZE         how much it keeps at most, like 500M or 1T (default: 10G)

In the room: /leave or Ctrl-D leaves, Ctrl-C too.
A link or CODE given as - is read from the first line of standard input, so that it shows in no process list or history.

Exit codes: 0 left, 1 failed, 2 bad usage or link, 3 room full, 4 no network, 5 removed by the host, or the room is locked
`
