const labels = ['Purpose', 'Promises', 'Does not', 'May import']

/** The index of a folder opens with four lines that say what the folder is for; they come once each, in this order. */
export default {
  meta: {
    type: 'suggestion',
    docs: { description: 'require the four-line header at the top of a folder’s index' },
    messages: {
      missing:
        'A folder’s index opens with a comment of four parts: “Purpose.”, “Promises.”, “Does not.”, “May import.”',
    },
    schema: [],
  },
  create(context) {
    return {
      Program(program) {
        const [first] = context.sourceCode.getAllComments()
        const startsFile = first?.type === 'Block' && (program.body[0]?.range[0] ?? Infinity) >= first.range[1]
        const places = labels.map((label) =>
          startsFile ? first.value.search(new RegExp(`^[\\s*]*${label}\\. \\S`, 'm')) : -1,
        )
        const ordered = places.every((place, index) => place >= 0 && (index === 0 || place > places[index - 1]))
        if (!ordered) context.report({ loc: { line: 1, column: 0 }, messageId: 'missing' })
      },
    }
  },
}
