import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { settings, showTheme } from './settings.ts';
import './style.css';
import { speak } from './ui/words.ts';

const ofBrowser = navigator.language.startsWith('de') ? 'de' : 'en';

showTheme();
await speak(settings().language || ofBrowser);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
