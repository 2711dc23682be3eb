import type { Language } from '../../countries.ts';

function list(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Ordinary given and family names, ASCII and local spelling mixed as people write them. Nobody in particular. */
export const givenNames: Record<Language, string[]> = {
  en: list(
    'James Mary Oliver Emma Harry Grace Jack Ruth George Alice Noah Hazel Leo Clara Arthur Ivy Henry Rose',
  ),
  nl: list(
    'Jan Anna Pieter Sanne Daan Lotte Bram Femke Thijs Maaike Joris Inge Koen Marit Ruben Els Wim Noor',
  ),
  de: list(
    'Jonas Lena Jürgen Heike Felix Klara Stefan Ute Matthias Greta Karl Anja Björn Sabine Uwe Käthe Emil Ida',
  ),
  fr: list(
    'Louis Chloé Hugo Zoé Jules Manon Gérard Élise Rémi Camille Paul Odile Luc Inès Théo Jeanne Noël Agnès',
  ),
  es: list(
    'Pablo Lucía Diego Carmen Álvaro Elena Sergio Inés Iván Rosa Hugo Pilar Andrés Marta Raúl Nuria Luis Ana',
  ),
  ru: list(
    'Иван Анна Пётр Ольга Олег Мария Антон Вера Игорь Нина Павел Лидия Юрий Елена Фёдор Дарья Глеб Зоя',
  ),
  pl: list(
    'Jan Anna Piotr Zofia Paweł Małgorzata Łukasz Ewa Tomasz Kinga Marek Agata Adam Iga Stanisław Hanna Jacek Ola',
  ),
  ja: list('太郎 花子 健一 陽子 大輔 美咲 翔太 直子 修 恵 拓也 由美 一郎 京子 誠 愛 剛 幸子'),
  ar: list('أحمد فاطمة محمود ليلى عمر سلمى خالد مريم يوسف هدى طارق نور سامي رانيا كريم دينا حسن منى'),
};

export const familyNames: Record<Language, string[]> = {
  en: list(
    'Ashdown Birkwood Carrow Dunmore Elmsley Fairholt Garside Hollin Inglewood Kestle Larkham Marlowe Norbury Oakes Penhale Quarle Redfern Stanbrook Thorley Underhill Wexcombe',
  ),
  nl: list(
    'Bakkerveld Dijkhof Eikenaar Groenhout Hazeveld Kerkstra Lindeman Meerdink Noordwal Oosterlaan Polderman Rietbroek Steenwijk Terveen Veldkamp Waterink Zandbergen',
  ),
  de: list(
    'Ackerfeld Birkholz Dornbach Eschenau Feldmann Grünwald Hagedorn Lindqvist Möhring Nussbaum Osterfeld Rebstock Schäfergut Tannhof Ulmenried Vogtland Weidenau',
  ),
  fr: list(
    'Aubépine Boisclair Chênevert Duruisseau Feuillère Grandpré Hêtraie Jardinet Laforge Montclair Noyer Prévert Rivelaine Sorbier Tilleul Valmont',
  ),
  es: list(
    'Alameda Baños Castañar Dehesa Encinar Fontana Granado Huerta Jarales Laguna Montaña Nogales Olmedo Peñalba Robledal Sotillo',
  ),
  ru: list(
    'Берёзкин Ветров Горин Дубов Ежов Жуков Зимин Ильин Клёнов Лугов Морозов Озеров Полев Рощин Садов Тихонов',
  ),
  pl: list(
    'Brzozowski Cisowski Dębicki Górka Jaworski Kalinowski Leśniak Łąkowski Modrzew Olszewski Polański Sosnowski Topolski Wierzba Zielonka',
  ),
  ja: list('青木 石川 上野 大森 小川 桜井 竹内 中村 野口 林 原田 星野 松本 森田 山口 和田'),
  ar: list('البستاني النجار الخباز الزيتوني الساعاتي الصياد العطار القهوجي الكاتب المزارع النخيل الورد'),
};

/** Romanised stems for handles and mail addresses of people whose names are written in another script. */
export const romanGiven: Partial<Record<Language, string[]>> = {
  ru: list(
    'ivan anna petr olga oleg maria anton vera igor nina pavel lidia yuri elena fedor daria gleb zoya',
  ),
  ja: list(
    'taro hanako kenichi yoko daisuke misaki shota naoko osamu megumi takuya yumi ichiro kyoko makoto ai go sachiko',
  ),
  ar: list(
    'ahmed fatima mahmoud layla omar salma khaled maryam yusuf huda tarek nour sami rania karim dina hassan mona',
  ),
};
