/** For `node --import`: makes every import of a TensorFlow.js package fail, on all threads, as if none were installed. */
import { register } from 'node:module';

const hooks = `
  export async function resolve(specifier, context, next) {
    if (specifier.startsWith('@tensorflow/')) throw new Error(specifier + ' is hidden');
    return next(specifier, context);
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
