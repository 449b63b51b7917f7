export const later = () => import('#postgres/here');
