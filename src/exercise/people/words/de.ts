import { bars, type Lexicon, lines } from './lexicon.ts';

export const de: Lexicon = {
  slots: {
    teil: bars(`Kette | Vorderrad | Hinterrad | Sattel | Tretlager | Bremszug | Steuersatz | Nabe | Schutzblech |
      Gepäckträger | Speiche | Felge | Schaltung`),
    kaffee: bars(
      `äthiopische Bohnen | die dunkle Röstung | die Hausmischung | eine helle Röstung | koffeinfreie Bohnen`,
    ),
    pflanze: bars(
      `Tomaten | Stangenbohnen | Rhabarber | Kartoffeln | Zucchini | Dahlien | Knoblauch | Stachelbeeren`,
    ),
    marke: bars(
      `eine Serie mit Leuchttürmen | ein Ersttagsbrief | ein Album vom Dachboden | die Luftpostausgabe`,
    ),
    brot: bars(`Sauerteigbrot | Roggenbrot | Fladenbrot | Kastenbrot | Vollkornbrot | Malzbrot`),
    werkzeug: bars(
      `Drehmomentschlüssel | Speichenschlüssel | Gartenschere | Kaffeemühle | Gießkanne | Lupe | Pinzette`,
    ),
    wann: bars(
      `letztes Wochenende | heute früh | im März | nach dem Regen | am Sonntag | gestern | voriges Jahr`,
    ),
    ort: bars(
      `am Kanal | im Schrebergarten | in der Markthalle | im Schuppen | auf dem Dorffest | im Vereinsheim`,
    ),
    wie: bars(
      `leiser | viel runder | etwas locker | überraschend gut | ziemlich trocken | zu bitter | ausgewogen`,
    ),
  },
  titles: lines(`
    Welches Werkzeug: {werkzeug}?
    Geräusch am Rad: {teil}
    {pflanze} im kleinen Garten
    Mein {brot} geht nicht auf
    Wer kennt {marke}?
    Ausflug {ort}
    Frage: {kaffee}`),
  sentences: lines(`
    Ich habe {wann} getauscht: {teil}, jetzt läuft es {wie}.
    Hat jemand Erfahrung mit der Kaffeesorte, also {kaffee}?
    Wir haben {wann} {pflanze} gesetzt, und zwar {ort}.
    Für {brot} lasse ich den Teig über Nacht ruhen.
    Mein Nachbar gab mir {marke} und ich finde das Jahr nicht.
    {werkzeug} und Geduld, mehr braucht es nicht.
    Beim zweiten Versuch war es {wie}.
    Danke, das sagte mein Onkel auch.
    Ein Tropfen Öl hilft mehr, als man denkt.
    Da bin ich anderer Meinung, das billige war {wie}.
    Kannst du ein Bild davon einstellen?
    {pflanze} und {pflanze} vertragen sich hier gut.
    Das Wasser ist hart, deshalb schmeckt der Kaffee {wie}.
    Heute Abend messe ich nach und schreibe wieder.
    Größe und Gewinde stehen nicht im Handbuch.
    {wann} waren wir {ort}, das Licht war schön.
    Bitte trocken lagern und nicht in die Sonne legen.`),
  greetings: bars(`Hallo zusammen, | Guten Abend, | Moin, | Servus,`),
  closings: bars(`Viele Grüße | Schöne Grüße | Danke im Voraus | Bis bald`),
  handOffs: lines(`
    Das wird hier zu lang, schreib mir lieber an {selector}.
    Die Strecke schicke ich dir dort: {selector}`),
  agreements: lines(`
    Danke, ich schreibe dir heute Abend dorthin.
    Gute Idee, du hörst von mir.`),
  slips: [
    ['nicht', 'nich'],
    ['das', 'des'],
    ['ist', 'is'],
    ['und', 'u.'],
    ['eine', 'ne'],
  ],
};
