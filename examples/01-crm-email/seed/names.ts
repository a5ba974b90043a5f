// Names as people write them, each beside the letters that end up in an e-mail address: `native=latin`, or one word for both.
// Given names stand before the bar, family names after it. Weights say how many of a hundred people come from where.

export interface Name {
  readonly native: string
  readonly latin: string
}

export interface Culture {
  readonly weight: number
  readonly given: readonly Name[]
  readonly family: readonly Name[]
}

const parse = (words: string): readonly Name[] =>
  words
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [native = "", latin = native] = word.replaceAll("_", " ").split("=")
      return { native, latin }
    })

const culture = (weight: number, table: string): Culture => {
  const [given = "", family = ""] = table.split("|")
  return { weight, given: parse(given), family: parse(family) }
}

export const CULTURES: Readonly<Record<string, Culture>> = {
  english: culture(
    26,
    `Robert William Elizabeth Margaret Katherine Thomas Jennifer Michael Susan Edward Grace Oliver Samuel Abigail Hannah Walter
     Alexandra Benjamin Charlotte Patricia
     | Whitlock Ashby O'Brien=OBrien Fairweather Holt MacAllister Pemberton Quinn Rutherford Sinclair Thornbury Vance Wexford Yardley
     Smith-Jones=SmithJones Lovell Hargreaves Carver Brook Penn`,
  ),
  german: culture(
    8,
    `Jürgen=Juergen Björn=Bjoern Käthe=Kaethe Heinz Greta Lothar Söhnke=Soehnke Ulrike Matthias Anneliese Günther=Guenther Rosalie
     | Müller=Mueller Weiß=Weiss Schröder=Schroeder Großmann=Grossmann Köhler=Koehler Bäcker=Baecker Vogel Lindner von_Thann=vonThann
     Hübner=Huebner Jäger=Jaeger Strauß=Strauss`,
  ),
  french: culture(
    6,
    `Zoé=Zoe François=Francois Hélène=Helene Aurélie=Aurelie Rémi=Remi Noël=Noel Benoît=Benoit Célestine=Celestine Jean-Luc=JeanLuc Maëlle=Maelle
     | Lefèvre=Lefevre Bélanger=Belanger Dubois D'Aubigné=DAubigne Château=Chateau Gagné=Gagne Marchand Prévost=Prevost Rousseau L'Hôpital=LHopital`,
  ),
  spanish: culture(
    7,
    `José=Jose María=Maria Íñigo=Inigo Begoña=Begona Ramón=Ramon Inés=Ines Andrés=Andres Lucía=Lucia Sofía=Sofia Joaquín=Joaquin
     | Núñez=Nunez García_Peña=GarciaPena Muñoz=Munoz Ibáñez=Ibanez de_la_Cruz=delaCruz Ordóñez=Ordonez Zúñiga=Zuniga Rey Salvatierra Córdoba=Cordoba`,
  ),
  polish: culture(
    5,
    `Łukasz=Lukasz Żaneta=Zaneta Małgorzata=Malgorzata Stanisław=Stanislaw Grażyna=Grazyna Józef=Jozef Wiesława=Wieslawa Mirosław=Miroslaw
     | Wójcik=Wojcik Dąbrowski=Dabrowski Śliwiński=Sliwinski Żółtowska=Zoltowska Kołodziej=Kolodziej Głowacki=Glowacki Brzęczyszczykiewicz=Brzeczyszczykiewicz Ćwik=Cwik`,
  ),
  nordic: culture(
    5,
    `Åse=Ase Øystein=Oystein Sørine=Sorine Håkon=Hakon Märta=Marta Þóra=Thora Guðrún=Gudrun Ægir=Aegir Jørn=Jorn
     | Ångström=Angstrom Lindqvist Sæther=Saether Bjørklund=Bjorklund Þorvaldsson=Thorvaldsson Hämäläinen=Hamalainen Nygård=Nygard Østergaard=Ostergaard`,
  ),
  turkish: culture(
    4,
    `İpek=Ipek Çağla=Cagla Ömer=Omer Işıl=Isil Gülşen=Gulsen Tuğba=Tugba Yiğit=Yigit
     | Yıldız=Yildiz Öztürk=Ozturk Kılıç=Kilic Şahin=Sahin Çelik=Celik Doğan=Dogan Işık=Isik`,
  ),
  vietnamese: culture(
    3,
    `Thuận=Thuan Ngọc=Ngoc Hưng=Hung Phượng=Phuong Quỳnh=Quynh Đức=Duc
     | Nguyễn=Nguyen Trần=Tran Phạm=Pham Đặng=Dang Vũ=Vu Huỳnh=Huynh`,
  ),
  cyrillic: culture(
    7,
    `Александр=Alexander Екатерина=Ekaterina Дмитрий=Dmitri Юлия=Yulia Фёдор=Fyodor Зоряна=Zoriana Євген=Yevhen Олексій=Oleksii Светлана=Svetlana Борис=Boris
     | Щербаков=Shcherbakov Йовчева=Yovcheva Цветков=Tsvetkov Шевченко=Shevchenko Жуковська=Zhukovska Їжакевич=Yizhakevych Ёлкин=Yolkin Георгиева=Georgieva`,
  ),
  greek: culture(
    4,
    `Γιώργος=Giorgos Ελένη=Eleni Χρήστος=Christos Ψυχή=Psychi Θάλεια=Thalia Ιωάννα=Ioanna
     | Παπαδοπούλου=Papadopoulou Ξανθάκης=Xanthakis Οικονόμου=Economou Ζαχαρίας=Zacharias Τσαούσης=Tsaousis`,
  ),
  arabic: culture(
    4,
    `محمد=Mohammed فاطمة=Fatima يوسف=Youssef ليلى=Layla خالد=Khaled نور=Nour
     | الحسن=AlHassan بن_علي=BenAli الخوري=ElKhoury منصور=Mansour العبد_الله=AlAbdullah زيدان=Zidane`,
  ),
  hebrew: culture(
    3,
    `שירה=Shira יעקב=Yaakov נועה=Noa אריאל=Ariel תמר=Tamar
     | כהן=Cohen בן-דוד=BenDavid שפירא=Shapira לוי=Levi מזרחי=Mizrahi`,
  ),
  hindi: culture(
    4,
    `प्रिया=Priya अर्जुन=Arjun क्षितिज=Kshitij लक्ष्मी=Lakshmi विक्रम=Vikram
     | शर्मा=Sharma गुप्ता=Gupta श्रीवास्तव=Shrivastava मिश्र=Mishra चौधरी=Chaudhary`,
  ),
  chinese: culture(
    5,
    `伟=Wei 秀英=Xiuying 娜=Na 建国=Jianguo 雨萱=Yuxuan 梓涵=Zihan
     | 王=Wang 李=Li 欧阳=Ouyang 张=Zhang 陳=Chen 司馬=Sima`,
  ),
  japanese: culture(
    4,
    `さくら=Sakura 健太=Kenta 陽子=Yoko ケンジ=Kenji 美咲=Misaki
     | 佐藤=Sato 鈴木=Suzuki 渡邉=Watanabe 小野寺=Onodera 髙橋=Takahashi`,
  ),
  korean: culture(
    3,
    `민준=Minjun 서연=Seoyeon 지우=Jiwoo 하은=Haeun
     | 김=Kim 박=Park 최=Choi 남궁=Namgung`,
  ),
  thai: culture(
    2,
    `สมชาย=Somchai ณัฐพงศ์=Natthaphong มาลี=Malee พิมพ์ชนก=Phimchanok
     | ศรีสุวรรณ=Srisuwan วงศ์ใหญ่=Wongyai บุญมี=Boonmee`,
  ),
}

/** What friends call them, and what they type into a sign-up form. */
export const NICKNAMES: Readonly<Record<string, string>> = {
  Robert: "Bob",
  William: "Bill",
  Elizabeth: "Liz",
  Margaret: "Peggy",
  Katherine: "Kate",
  Thomas: "Tom",
  Jennifer: "Jen",
  Michael: "Mike",
  Edward: "Ned",
  Samuel: "Sam",
  Alexandra: "Alex",
  Benjamin: "Ben",
  Patricia: "Pat",
  José: "Pepe",
  Joaquín: "Quino",
  Małgorzata: "Gosia",
  Александр: "Саша",
  Екатерина: "Катя",
  Светлана: "Света",
}
