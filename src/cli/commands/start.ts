/** `start`: what `npm start` shows a newcomer. */
import { type Command, defineCommand } from '../command.ts';

export const startCommand: Command = defineCommand({
  usage: 'start',
  summary: 'Introduction for newcomers (what `npm start` runs)',
  hidden: true,
  examples: [['deepl-ops start', 'Shows what the program is about']],
  run: async (_values, { output }) => {
    const text =
      'DeepL-Ops is set up. The introduction is not there yet; `deepl-ops --help` lists the commands there are.';
    output.result({ message: text }, text);
  },
});
