import { bars, type Lexicon, lines } from './lexicon.ts';

export const ru: Lexicon = {
  slots: {
    part: bars('цепь | переднее колесо | заднее колесо | седло | каретку | тормозной трос | втулку | крыло'),
    plant: bars('помидоры | фасоль | ревень | кабачки | георгины | чеснок | крыжовник'),
    when: bars('в выходные | утром | в марте | после дождя | вчера | в прошлом году'),
    how: bars('тише | гораздо лучше | немного свободно | слишком горько | довольно сухо'),
  },
  titles: lines(`
    Кто менял {part}?
    {plant} на маленьком участке
    Вопрос про кофе`),
  sentences: lines(`
    Я поменял {part} {when}, теперь всё {how}.
    Мы посадили {plant} {when}.
    Для хлеба тесто стоит у меня всю ночь.
    Сосед подарил мне альбом с марками, год найти не могу.
    Вода у нас жёсткая, кофе получается {how}.
    Спасибо, дядя говорил то же самое.
    Капля масла помогает больше, чем думают.
    Второй раз вышло {how}.
    Вечером измерю и напишу ещё.
    Можно фотографию?`),
  greetings: bars('Всем привет, | Добрый вечер, | Здравствуйте,'),
  closings: bars('С уважением | Спасибо заранее | До встречи'),
  handOffs: lines('Здесь длинно, пиши лучше на {selector}.'),
  agreements: lines('Спасибо, напишу туда вечером.'),
  slips: [
    ['что', 'шо'],
    ['всё', 'все'],
  ],
};

export const pl: Lexicon = {
  slots: {
    part: bars('łańcuch | przednie koło | tylne koło | siodełko | linkę hamulca | piastę | błotnik'),
    plant: bars('pomidory | fasolę | rabarbar | cukinie | dalie | czosnek | agrest'),
    when: bars('w weekend | dziś rano | w marcu | po deszczu | wczoraj | w zeszłym roku'),
    how: bars('ciszej | dużo lepiej | trochę luźno | zbyt gorzko | dość sucho'),
  },
  titles: lines(`
    Kto wymieniał {part}?
    {plant} w małym ogrodzie
    Pytanie o kawę`),
  sentences: lines(`
    Wymieniłem {part} {when} i teraz jest {how}.
    Posadziliśmy {plant} {when}.
    Ciasto na chleb zostawiam na noc.
    Sąsiad dał mi klaser ze znaczkami i nie mogę znaleźć roku.
    Woda jest u nas twarda, więc kawa wychodzi {how}.
    Dzięki, wujek mówił to samo.
    Kropla oleju pomaga bardziej, niż się myśli.
    Za drugim razem wyszło {how}.
    Wieczorem zmierzę i napiszę jeszcze raz.
    Możesz wstawić zdjęcie?`),
  greetings: bars('Cześć wszystkim, | Dobry wieczór, | Witam,'),
  closings: bars('Pozdrawiam | Z góry dzięki | Do zobaczenia'),
  handOffs: lines('Tu robi się długo, napisz lepiej na {selector}.'),
  agreements: lines('Dzięki, napiszę tam wieczorem.'),
  slips: [
    ['się', 'sie'],
    ['więc', 'wiec'],
  ],
};

export const ja: Lexicon = {
  slots: {
    part: bars('チェーン | 前輪 | 後輪 | サドル | ブレーキワイヤー | ハブ'),
    plant: bars('トマト | いんげん | ルバーブ | ズッキーニ | ダリア | にんにく'),
    when: bars('週末に | 今朝 | 三月に | 雨のあとで | 昨日 | 去年'),
    how: bars('静かになりました | とても良くなりました | 少し緩いです | 苦すぎます'),
  },
  titles: lines(`
    {part}の交換について
    小さな庭の{plant}
    コーヒーの質問`),
  sentences: lines(`
    {when}{part}を交換したら{how}。
    {when}{plant}を植えました。
    パンの生地は一晩休ませます。
    隣の人から切手帳をもらいましたが、年が分かりません。
    ありがとうございます、おじも同じことを言っていました。
    油を一滴たらすと楽になります。
    今晩測って、また書きます。
    写真を見せてもらえますか。`),
  greetings: bars('こんばんは、 | 皆さん、 | はじめまして、'),
  closings: bars('よろしくお願いします | ではまた'),
  handOffs: lines('長くなるので、こちらへお願いします {selector}'),
  agreements: lines('分かりました、今晩そちらに書きます。'),
  slips: [],
};

export const ar: Lexicon = {
  slots: {
    part: bars('السلسلة | العجلة الأمامية | المقعد | سلك الفرامل | المحور'),
    plant: bars('الطماطم | الفاصوليا | الكوسا | الثوم | الورد'),
    when: bars('أمس | هذا الصباح | في مارس | بعد المطر | العام الماضي'),
    how: bars('أهدأ | أفضل بكثير | مرة قليلا | جافة'),
  },
  titles: lines(`
    تغيير {part}
    {plant} في حديقة صغيرة
    سؤال عن القهوة`),
  sentences: lines(`
    غيرت {part} {when} وصارت الحال أفضل.
    زرعنا {plant} {when}.
    أترك عجين الخبز طوال الليل.
    أعطاني جاري ألبوم طوابع ولا أعرف السنة.
    الماء هنا عسر والقهوة تصبح {how}.
    شكرا، قال عمي الشيء نفسه.
    سأقيس الليلة وأكتب مرة أخرى.
    هل يمكنك وضع صورة؟`),
  greetings: bars('مرحبا بالجميع، | مساء الخير،'),
  closings: bars('مع التحية | شكرا مقدما'),
  handOffs: lines('الكلام طويل هنا، اكتب لي على {selector}'),
  agreements: lines('شكرا، سأكتب لك هناك الليلة.'),
  slips: [],
};
