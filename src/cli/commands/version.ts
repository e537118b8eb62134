/** `version`: which code runs on which Node.js, as bug reports and recordings need it. */
import { codeVersion } from '../code-version.ts';
import { type Command, defineCommand } from '../command.ts';

export const versionCommand: Command = defineCommand({
  usage: 'version',
  summary: 'Show the versions of the program and of Node.js',
  examples: [['deepl-ops version --json', 'The same for scripts']],
  run: async (_values, { output }) => {
    const version = codeVersion();
    output.result({ version, node: process.version }, `deepl-ops ${version} on Node.js ${process.version}`);
  },
});
