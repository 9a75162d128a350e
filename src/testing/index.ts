export { unguardedRoutes } from './unguarded-routes.js';
export type { Route } from './route.js';
