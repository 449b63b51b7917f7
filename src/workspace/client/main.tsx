import { createRoot } from 'react-dom/client';
import { leaveFocusOutside } from './frame/leave-focus-outside.ts';
import { Client } from './frame/client.tsx';

leaveFocusOutside();
const root = document.querySelector('#root');
if (root) createRoot(root).render(<Client />);
