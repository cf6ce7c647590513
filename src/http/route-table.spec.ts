import { expect, test } from '@jest/globals';
import { RouteTable } from './route-table.js';

const routes = new RouteTable();
routes.add(['GET', 'HEAD'], '/loans');
routes.add('POST', '/loans');
routes.add('GET', '/loans/:id');
routes.add('POST', '/loans/:id/submission');
routes.add('GET', '/docs/openapi.json');
routes.add('GET', '/docs/*');

test.each([
  ['/loans', ['GET', 'HEAD', 'POST']],
  ['/loans/', ['GET', 'HEAD', 'POST']],
  ['/loans/1', ['GET']],
  ['/loans/1/submission', ['POST']],
  ['/loans/1/2', []],
  ['/docs/openapi.json', ['GET']],
  ['/docs/openapiXjson', []],
  ['/loansx', []],
  ['/', []],
])('%s knows %p', (path, methods) => {
  expect(routes.methodsOf(path)).toEqual(methods);
});
