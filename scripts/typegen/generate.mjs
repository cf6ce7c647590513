// OpenAPI document on stdin, TypeScript on stdout.
import { text } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

const document = JSON.parse(await text(process.stdin));
const nodes = await openapiTS(document, {
  alphabetize: false,
  emptyObjectsUnknown: true,
  defaultNonNullable: false,
});
process.stdout.write(
  `/** Made from context/openapi.json by \`npm run generate\`. Do not edit. */\n${astToString(nodes)}`,
);
