"""The console's sentences in English, Uzbek (Latin) and Russian. Words of the protocol stay as they are on the wire."""

from typing import Literal

Language = Literal["en", "uz", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "uz", "ru")

_TEXTS: dict[str, tuple[str, str, str]] = {
    # The link.
    "connecting": (
        "🔌 Connecting to Central System: {url}",
        "🔌 Markaziy tizimga ulanmoqda: {url}",
        "🔌 Подключение к центральной системе: {url}",
    ),
    "connected": (
        "✅ Connected to Central System",
        "✅ Markaziy tizimga ulandi",
        "✅ Подключено к центральной системе",
    ),
    "not_connected": (
        "❌ Not connected: {reason}",
        "❌ Ulanmadi: {reason}",
        "❌ Нет подключения: {reason}",
    ),
    "lost": (
        "🔌 Disconnected: {reason}",
        "🔌 Aloqa uzildi: {reason}",
        "🔌 Отключено: {reason}",
    ),
    "offline": (
        "🔌 Offline until `connect`",
        "🔌 `connect` buyrugʻigacha oflayn",
        "🔌 Не в сети до команды `connect`",
    ),
    "registered": (
        "📝 Registration: {status}, heartbeat every {interval} s",
        "📝 Roʻyxatdan oʻtish: {status}, har {interval} soniyada Heartbeat",
        "📝 Регистрация: {status}, Heartbeat каждые {interval} с",
    ),
    "not_registered": (
        "📝 Registration: {status}, next try in {interval} s",
        "📝 Roʻyxatdan oʻtish: {status}, keyingi urinish {interval} soniyadan keyin",
        "📝 Регистрация: {status}, следующая попытка через {interval} с",
    ),
    # Status.
    "status": (
        "📊 Status changed: {status}",
        "📊 Holat oʻzgardi: {status}",
        "📊 Статус изменён: {status}",
    ),
    "station_status": (
        "📊 Station status changed: {status}",
        "📊 Stansiya holati oʻzgardi: {status}",
        "📊 Статус станции изменён: {status}",
    ),
    "by_hand": ("reported by hand", "qoʻlda bildirildi", "сообщено вручную"),
    "at_connector": ("connector {connector}", "konnektor {connector}", "коннектор {connector}"),
    # Charging.
    "remote_start": (
        "🚀 RemoteStartTransaction received for connector {connector}, idTag: {id_tag}",
        "🚀 RemoteStartTransaction keldi: konnektor {connector}, idTag: {id_tag}",
        "🚀 Получен RemoteStartTransaction: коннектор {connector}, idTag: {id_tag}",
    ),
    "remote_start_any": (
        "🚀 RemoteStartTransaction received, idTag: {id_tag}",
        "🚀 RemoteStartTransaction keldi, idTag: {id_tag}",
        "🚀 Получен RemoteStartTransaction, idTag: {id_tag}",
    ),
    "remote_stop": (
        "🛑 RemoteStopTransaction received for transaction {transaction}",
        "🛑 RemoteStopTransaction keldi: tranzaksiya {transaction}",
        "🛑 Получен RemoteStopTransaction: транзакция {transaction}",
    ),
    "charging_started": (
        "🔋 Charging started: {amperes:.1f}A @ {volts:.1f}V = {watts:.1f}W",
        "🔋 Quvvatlash boshlandi: {amperes:.1f}A @ {volts:.1f}V = {watts:.1f}W",
        "🔋 Зарядка началась: {amperes:.1f}A @ {volts:.1f}V = {watts:.1f}W",
    ),
    "charging_paused": (
        "🪫 Charging stopped: {energy}Wh on the meter",
        "🪫 Quvvatlash toʻxtadi: hisoblagichda {energy}Wh",
        "🪫 Зарядка остановлена: на счётчике {energy}Wh",
    ),
    "meter": (
        "⚡ Meter: {energy}Wh | Current: {amperes:.2f}A | Power: {watts:.2f}W",
        "⚡ Hisoblagich: {energy}Wh | Tok: {amperes:.2f}A | Quvvat: {watts:.2f}W",
        "⚡ Счётчик: {energy}Wh | Ток: {amperes:.2f}A | Мощность: {watts:.2f}W",
    ),
    "limit": (
        "🎚️ Limit: {amperes:.1f}A ({reason})",
        "🎚️ Chegara: {amperes:.1f}A ({reason})",
        "🎚️ Предел: {amperes:.1f}A ({reason})",
    ),
    "current_set": (
        "🎚️ Current set to {amperes:.1f}A",
        "🎚️ Tok oʻrnatildi: {amperes:.1f}A",
        "🎚️ Ток установлен: {amperes:.1f}A",
    ),
    # Transactions.
    "tx_started": (
        "▶️ Transaction started: idTag {id_tag}, meter {meter}Wh",
        "▶️ Tranzaksiya boshlandi: idTag {id_tag}, hisoblagich {meter}Wh",
        "▶️ Транзакция начата: idTag {id_tag}, счётчик {meter}Wh",
    ),
    "tx_confirmed": (
        "🧾 Transaction ID: {transaction}",
        "🧾 Tranzaksiya ID: {transaction}",
        "🧾 ID транзакции: {transaction}",
    ),
    "tx_refused": (
        "⛔ Transaction {transaction} refused by Central System",
        "⛔ Markaziy tizim {transaction} tranzaksiyasini rad etdi",
        "⛔ Центральная система отклонила транзакцию {transaction}",
    ),
    "tx_stopped": (
        "🛑 Transaction stopped: {transaction}, {energy}Wh, reason {reason}",
        "🛑 Tranzaksiya toʻxtatildi: {transaction}, {energy}Wh, sababi {reason}",
        "🛑 Транзакция остановлена: {transaction}, {energy}Wh, причина {reason}",
    ),
    "tx_delivered": (
        "📬 Transaction {transaction} delivered to Central System",
        "📬 {transaction} tranzaksiyasi markaziy tizimga yetkazildi",
        "📬 Транзакция {transaction} доставлена в центральную систему",
    ),
    "tx_dropped": (
        "🗑️ A message of transaction {transaction} was given up: {reason}",
        "🗑️ {transaction} tranzaksiyasi xabaridan voz kechildi: {reason}",
        "🗑️ Сообщение транзакции {transaction} отброшено: {reason}",
    ),
    # Authorization.
    "tag_presented": (
        "💳 Tag presented: {id_tag}",
        "💳 Karta tutildi: {id_tag}",
        "💳 Карта приложена: {id_tag}",
    ),
    "tag_granted": (
        "🔓 Tag accepted: {id_tag}",
        "🔓 Karta qabul qilindi: {id_tag}",
        "🔓 Карта принята: {id_tag}",
    ),
    "tag_refused": (
        "⛔ Tag refused: {id_tag} ({status})",
        "⛔ Karta rad etildi: {id_tag} ({status})",
        "⛔ Карта отклонена: {id_tag} ({status})",
    ),
    "tag_expired": (
        "⌛ Authorization of {id_tag} ran out: no car was plugged in",
        "⌛ {id_tag} ruxsati muddati tugadi: avtomobil ulanmadi",
        "⌛ Авторизация {id_tag} истекла: автомобиль не подключён",
    ),
    "tag_cancelled": (
        "↩️ Authorization of {id_tag} taken back",
        "↩️ {id_tag} ruxsati bekor qilindi",
        "↩️ Авторизация {id_tag} отменена",
    ),
    # The local list and reservations.
    "list_replaced": (
        "📒 Local list replaced: version {version}, {entries} tags",
        "📒 Mahalliy roʻyxat almashtirildi: versiya {version}, {entries} ta karta",
        "📒 Локальный список заменён: версия {version}, карт {entries}",
    ),
    "list_changed": (
        "📒 Local list changed: version {version}, {entries} tags",
        "📒 Mahalliy roʻyxat oʻzgartirildi: versiya {version}, {entries} ta karta",
        "📒 Локальный список изменён: версия {version}, карт {entries}",
    ),
    "list_refused": (
        "📒 Local list stays as it is: {reason}",
        "📒 Mahalliy roʻyxat oʻzgarmadi: {reason}",
        "📒 Локальный список не изменён: {reason}",
    ),
    "list_conflict": (
        "⚠️ {id_tag} is Accepted in the local list, but {status} for Central System",
        "⚠️ {id_tag} mahalliy roʻyxatda Accepted, markaziy tizimda esa {status}",
        "⚠️ {id_tag}: в локальном списке Accepted, а для центральной системы {status}",
    ),
    "reservation_reserved": (
        "📌 Reserved for {id_tag} until {until}: reservation {number}",
        "📌 {id_tag} uchun {until} gacha band qilindi: bron {number}",
        "📌 Забронировано для {id_tag} до {until}: бронь {number}",
    ),
    "reservation_replaced": (
        "📌 Reservation {number} is now for {id_tag} until {until}",
        "📌 {number}-bron endi {id_tag} uchun, {until} gacha",
        "📌 Бронь {number} теперь для {id_tag} до {until}",
    ),
    "reservation_used": (
        "📌 Reservation {number} is used: {id_tag}",
        "📌 {number}-bron ishlatildi: {id_tag}",
        "📌 Бронь {number} использована: {id_tag}",
    ),
    "reservation_expired": (
        "⌛ Reservation {number} of {id_tag} ran out",
        "⌛ {id_tag} ning {number}-broni muddati tugadi",
        "⌛ Бронь {number} для {id_tag} истекла",
    ),
    "reservation_cancelled": (
        "📌 Reservation {number} of {id_tag} was cancelled",
        "📌 {id_tag} ning {number}-broni bekor qilindi",
        "📌 Бронь {number} для {id_tag} отменена",
    ),
    "reservation_ended": (
        "⚠️ Reservation {number} of {id_tag} has ended: {reason}",
        "⚠️ {id_tag} ning {number}-broni tugadi: {reason}",
        "⚠️ Бронь {number} для {id_tag} прекращена: {reason}",
    ),
    # What the central system asks, and what goes wrong.
    "call": (
        "📩 {action} received {payload}",
        "📩 {action} keldi {payload}",
        "📩 Получен {action} {payload}",
    ),
    "answered": (
        "↩️ {action} answered: {status}",
        "↩️ {action} javobi: {status}",
        "↩️ Ответ на {action}: {status}",
    ),
    "call_error": (
        "⚠️ {action} was answered with an error: {status}",
        "⚠️ {action} uchun xato javobi keldi: {status}",
        "⚠️ На {action} пришла ошибка: {status}",
    ),
    "bad_frame": (
        "⚠️ A frame that breaks the rules: {verdict}",
        "⚠️ Qoidaga zid kadr: {verdict}",
        "⚠️ Кадр нарушает правила: {verdict}",
    ),
    "configuration": ("⚙️ {key} = {value}", "⚙️ {key} = {value}", "⚙️ {key} = {value}"),
    "after_reboot": (
        "takes effect after a reboot",
        "qayta yuklangandan keyin kuchga kiradi",
        "вступит в силу после перезагрузки",
    ),
    "job": ("📦 {job}: {state} {detail}", "📦 {job}: {state} {detail}", "📦 {job}: {state} {detail}"),
    "fault": ("❗ Fault: {what}", "❗ Nosozlik: {what}", "❗ Неисправность: {what}"),
    "fault_cleared": (
        "✅ Fault cleared: {what}",
        "✅ Nosozlik bartaraf etildi: {what}",
        "✅ Неисправность устранена: {what}",
    ),
    # `info`.
    "info_station": ("Station", "Stansiya", "Станция"),
    "info_connector": ("Connector {connector}", "Konnektor {connector}", "Коннектор {connector}"),
    "info_link": ("Link", "Aloqa", "Связь"),
    "info_registration": ("Registration", "Roʻyxatdan oʻtish", "Регистрация"),
    "info_clock": ("Clock", "Soat", "Часы"),
    "info_queue": ("Queue", "Navbat", "Очередь"),
    "info_queue_value": (
        "{waiting} waiting, unanswered: {outstanding}",
        "{waiting} ta kutmoqda, javobsiz: {outstanding}",
        "ожидает {waiting}, без ответа: {outstanding}",
    ),
    "info_status": ("Status", "Holat", "Статус"),
    "info_transaction": ("Transaction ID", "Tranzaksiya ID", "ID транзакции"),
    "info_meter": ("Meter", "Hisoblagich", "Счётчик"),
    "info_current": ("Current", "Tok", "Ток"),
    "info_voltage": ("Voltage", "Kuchlanish", "Напряжение"),
    "info_power": ("Power", "Quvvat", "Мощность"),
    "info_charging": ("Charging", "Quvvatlanmoqda", "Зарядка"),
    "info_error": ("Error", "Xato", "Ошибка"),
    "info_cable": ("Cable", "Kabel", "Кабель"),
    "info_limit": ("Limit", "Chegara", "Предел"),
    "info_reservation": ("Reserved for", "Band qilingan", "Бронь"),
    "info_list": ("Local list", "Mahalliy roʻyxat", "Локальный список"),
    "info_list_value": (
        "version {version}, {entries} tags",
        "versiya {version}, {entries} ta karta",
        "версия {version}, карт {entries}",
    ),
    "until": ("{id_tag} until {until}", "{id_tag}, {until} gacha", "{id_tag} до {until}"),
    "info_soc": ("State of charge", "Batareya", "Заряд батареи"),
    "yes": ("True", "Ha", "Да"),
    "no": ("False", "Yoʻq", "Нет"),
    "none": ("none", "yoʻq", "нет"),
    "cable_both": ("car and station", "avtomobil va stansiya", "автомобиль и станция"),
    "cable_station": ("station only", "faqat stansiya", "только станция"),
    "cable_vehicle": ("car only", "faqat avtomobil", "только автомобиль"),
    # The console itself.
    "welcome": (
        "Charging station {identity}. Type help for the commands, quit to end.",
        "{identity} zaryadlash stansiyasi. Buyruqlar uchun help, chiqish uchun quit deb yozing.",
        "Зарядная станция {identity}. help — список команд, quit — выход.",
    ),
    "built_in": (
        "🏠 No central system named: the built-in one answers at {url}",
        "🏠 Markaziy tizim koʻrsatilmagan: ichki tizim {url} manzilida ishlamoqda",
        "🏠 Центральная система не указана: встроенная отвечает по адресу {url}",
    ),
    "closing": (
        "👋 Ending: running transactions are stopped, what is unanswered stays queued",
        "👋 Yakunlanmoqda: tranzaksiyalar toʻxtatiladi, javobsiz xabarlar navbatda qoladi",
        "👋 Завершение: транзакции останавливаются, неотвеченное остаётся в очереди",
    ),
    "done": ("✔️ Done", "✔️ Bajarildi", "✔️ Готово"),
    "saved": ("💾 Saved: {path}", "💾 Saqlandi: {path}", "💾 Сохранено: {path}"),
    "speed": ("🕒 Clock: {now} ×{rate:g}", "🕒 Soat: {now} ×{rate:g}", "🕒 Часы: {now} ×{rate:g}"),
}


def text(language: Language, key: str, /, **values: object) -> str:
    """The sentence `key` in a language, with its values in place."""
    return _TEXTS[key][LANGUAGES.index(language)].format(**values)


def keys() -> list[str]:
    """Every sentence there is."""
    return list(_TEXTS)


def variants(key: str) -> tuple[str, str, str]:
    """A sentence in all languages, its places still empty."""
    return _TEXTS[key]
