export const help = `pigeon: end-to-end encrypted rooms from the terminal

  pigeon join <link>   enter a room; each line you type is sent as a message
  pigeon new           print the link of a fresh room
  pigeon share|get|ls|sync|purge …
                       the files of a room: see below
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

Files: encrypted here, kept by a node, readable by the members of the room alone
  pigeon share LINK PATH… [--to FOLDER]
                       bring files and folders into the room; one of a name that is there becomes its new version
  pigeon get LINK PATH [--out FILE or FOLDER]
                       bring a file or folder here; nothing is overwritten
  pigeon ls LINK [FOLDER]
                       what is in the room, or in one of its folders
  pigeon sync LINK FOLDER [--to FOLDER]
                       make a folder here and one of the room the same; where both changed, both are kept
  pigeon purge LINK [PATH]
                       delete for good what you wrote: of PATH former versions, else what was deleted; frees your share
  --node URL           the node that keeps your files (default: where the link leads)
  --key FILE           who you are (default: identity.seed in PIGEON_DATA); rooms/ beside it remembers, encrypted
  --wait SECONDS       how long to wait for members who know the files, and for the node (default: 30)
  --stay               share: stay afterwards, so that members who come learn of the files
  --watch              sync: go on with every change, until Ctrl-C
  --delete             sync: what was deleted on one side is deleted on the other

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

Exit codes: 0 left, 1 failed, 2 bad usage or link, 3 room full, 4 no network, 5 removed by the host, or the room is locked,
            6 nobody is there who knows the files, 130 broken off by Ctrl-C
`
