import { bars, type Lexicon, lines } from './lexicon.ts';

export const fr: Lexicon = {
  slots: {
    piece:
      bars(`la chaîne | la roue avant | la roue arrière | la selle | le pédalier | le câble de frein | le moyeu |
      le garde-boue | le dérailleur | la jante`),
    cafe: bars(`les grains d'Éthiopie | la torréfaction foncée | le mélange maison | un café léger`),
    plante: bars(
      `les tomates | les haricots | la rhubarbe | les courgettes | les poireaux | les dahlias | l'ail`,
    ),
    timbre: bars(
      `une série avec des phares | un album du grenier | une enveloppe premier jour | la série aérienne`,
    ),
    pain: bars(`le pain au levain | la fougasse | le pain de seigle | les baguettes | le pain complet`),
    outil: bars(
      `un sécateur | une clé à rayons | un moulin à café | un arrosoir | une loupe | une clé dynamométrique`,
    ),
    quand: bars(`le week-end dernier | ce matin | en mars | après la pluie | dimanche | hier | l'an dernier`),
    lieu: bars(
      `au bord du canal | au jardin | au marché couvert | dans la remise | à la fête du village | au club`,
    ),
    comment: bars(`plus silencieux | bien meilleur | un peu lâche | trop amer | assez sec | très équilibré`),
  },
  titles: lines(`
    Quel outil choisir : {outil} ?
    Bruit au vélo : {piece}
    {plante} dans un petit jardin
    Qui connaît {timbre} ?
    Question sur {cafe}
    Vos recettes pour {pain}`),
  sentences: lines(`
    J'ai changé {piece} {quand} et c'est {comment}.
    Quelqu'un a essayé {cafe} ?
    Nous avons planté {plante} {quand}, {lieu}.
    Pour {pain} je laisse reposer la pâte une nuit.
    Mon voisin m'a donné {timbre} et je ne trouve pas l'année.
    Avec {outil} c'est plus facile.
    La deuxième fois c'était {comment}.
    Merci, mon oncle disait la même chose.
    Une goutte d'huile sur {piece} aide beaucoup.
    Je ne suis pas d'accord, le moins cher était {comment}.
    Tu peux mettre une photo ?
    {plante} et {plante} vont bien ensemble ici.
    L'eau est dure chez nous, donc le café est {comment}.
    Ce soir je mesure {piece} et j'écris de nouveau.
    Gardez {timbre} au sec, loin du soleil.
    {quand} nous étions {lieu}, la lumière était belle.`),
  greetings: bars(`Bonjour à tous, | Bonsoir, | Salut, | Bonjour,`),
  closings: bars(`Cordialement | À bientôt | Merci d'avance | Bonne route`),
  handOffs: lines(`
    C'est long pour ici, écris-moi plutôt à {selector}.
    Je t'envoie le parcours là-bas : {selector}`),
  agreements: lines(`
    Merci, je t'écris ce soir.
    Bonne idée, à tout de suite là-bas.`),
  slips: [
    ['pas', 'pa'],
    ['quelqu', 'kelk'],
    ['très', 'tres'],
    ['après', 'apres'],
  ],
};
