"""The fields of each record type, as short tables: `name:type`, `!` = cannot be set, `-name` = left out again.

`name>family` refers to one record, `name>>family` to several; an `outside` field refers to a record type that is not
held here and is kept as it came.
"""

COMMON = "id:text! externalId:text createdDate:time! lastModifiedDate:time! customForm:outside links:outside!"

DOCUMENT = f"""{COMMON} tranId:text transactionNumber:text! tranDate:date subsidiary>subsidiary currency>currency
exchangeRate:number memo:text class>classification department>department location>location nexus:outside
status:choice!"""

TRANSACTION = f"{DOCUMENT} postingPeriod>period"

GOODS = """entity>entity createdFrom>transaction otherRefNum:text email:text billingAddress:subrecord
shippingAddress:subrecord handlingCost:money discountItem>item discountRate:rate discountTotal:money! subtotal:money!
taxTotal:money! total:money! taxItem>tax taxRate:rate isTaxable:flag taxDetailsOverride:flag
taxPointDate:date taxPointDateOverride:flag taxRegOverride:flag entityTaxRegNum:text
subsidiaryTaxRegNum:text salesRep:outside partner:outside leadSource:outside job:outside promoCode:outside terms:outside
message:text startDate:date endDate:date toBeEmailed:flag toBeFaxed:flag toBePrinted:flag source:choice
salesEffectiveDate:date vatRegNum:text excludeCommission:flag webSite:text
totalAfterTaxes:money! amountRemaining:money!"""

TRADE = f"""{TRANSACTION} {GOODS} shippingCost:money shippingTaxCode>tax shipMethod>item
shippingCostOverridden:flag"""

# Names that refunds, memos and authorizations take, and that change nothing here.
UNUSED = """altHandlingCost:money! appliedRules:collection asOfDate:date billingAccount:outside
deferredRevenue:number! deletionReason:outside discountAmount:money! discountDate:date dueDate:date
estGrossProfit:number! estGrossProfitPercent:number! excludeFromGLNumbering:flag integrationId:text number:integer!
originator:text partners:collection prevDate:date! prevPartner:outside! prevRep:outside!
primaryBookBaseCurrency:outside! promotions:collection recognizedRevenue:number! salesTeam:collection
sourceSystem:choice! tax2Total:money! type:choice! whichChargesToAdd:choice"""
SHIP_GROUPS = "shipGroup:collection isMultiShipTo:flag intercoStatus:choice intercoTransaction>transaction"
CARD = """inputReferenceCode:text outputAuthCode:text outputReferenceCode:text paymentProcessingProfile:outside
cleared:flag"""

CASH = """account>account paymentOption>paymentOption handlingMode:choice paymentOperation:choice chargeIt:flag
checkNumber:text payPalTranId:text payPalAuthId:text"""

RECEIVABLE = "account>account dueDate:date amountPaid:money! billingAccount:outside"

SETTLEMENT = f"""{TRANSACTION} customer>entity account>account arAcct>account
paymentOption>paymentOption handlingMode:choice paymentOperation:choice
checkNumber:text toBePrinted:flag total:money! balance:money! applied:money! unapplied:money!
transactionToRefund>transaction payeeAddress:subrecord"""

ITEM = f"""{COMMON} itemId:text displayName:text salesDescription:text description:text upcCode:text
isInactive:flag incomeAccount>account subsidiary>>subsidiary includeChildren:flag taxSchedule:outside isTaxable:flag
basePrice:money rate:rate cost:money location>location class>classification department>department
costEstimateType:choice unitsType:outside itemType:choice! fullName:text! isFulfillable:flag"""

STOCKED = f"""{ITEM} cogsAccount>account assetAccount>account averageCost:number! totalQuantityOnHand:number!
costingMethod:choice"""

RECEIPT = f"""{TRANSACTION} entity>entity! createdFrom>transaction landedCostPerLine:flag orderId:integer!
orderType:text! itemFulfillment>transaction! expense:collection"""

GROUP = f"""{COMMON} itemId:text displayName:text description:text upcCode:text isInactive:flag subsidiary>>subsidiary
includeChildren:flag location>location class>classification department>department includeStartEndLines:flag
printItems:flag vendorName:text itemType:choice! fullName:text!"""

NAMED = f"{COMMON} name:text isInactive:flag parent:outside includeChildren:flag subsidiary>>subsidiary"

SALES_LINE = """line:integer orderLine:integer orderDoc>transaction lineUniqueKey:text! item>item itemType:choice!
itemSubtype:choice! quantity:number rate:rate amount:money grossAmt:money price:outside description:text
rateIncludingTax:number baseGrossAmt:money! isDropShipment:flag itemIsFulfilled:flag!
taxCode>tax taxRate1:rate taxRate2:rate tax1Amt:money taxAmount:money! taxDetailsReference:text isTaxable:flag
isClosed:flag location>location class>classification department>department inventoryDetail:detail
serialNumbers:text units:outside options:text job:outside giftCertFrom:text giftCertMessage:text giftCertNumber:text
giftCertRecipientEmail:text giftCertRecipientName:text costEstimate:money costEstimateType:choice
quantityBilled:number! quantityFulfilled:number! account>account!"""

INVENTORY_DETAIL = "id:text! quantity:number! unit:text! tostatus:text"
ASSIGNMENT = """internalId:integer! receiptInventoryNumber:text issueInventoryNumber>inventoryNumber
binNumber:outside toBinNumber:outside inventoryStatus:outside quantity:number quantityAvailable:number!
expirationDate:date"""

# By sublist, or by `type.sublist` where one record type has lines of its own.
SUBLISTS = {
    "item": SALES_LINE,
    "returnAuthorization.item": f"{SALES_LINE} quantityReceived:number! inventorylocation>location altSalesAmt:money",
    "itemReceipt.item": """line:integer orderLine:integer orderDoc>transaction item>item! itemReceive:flag
quantity:number quantityRemaining:number! location>location class>classification department>department
description:text rate:rate! unitCostOverride:number kitMemberOf:text! inventoryDetail:detail serialNumbers:text
isDropShipment:flag! currency:text! onHand:number!""",
    "apply": """doc>transaction line:integer apply:flag amount:money applyDate:date! due:money! total:money!
type:text! refNum:text! currency:text! createdFrom:outside! job:outside jobName:text""",
    "deposit": """doc>transaction line:integer apply:flag amount:money depositDate:date! remaining:money!
total:money! refNum:text! currencyName:text!""",
    "taxDetails": """taxDetailsReference:text taxType>taxType taxCode>tax taxBasis:money taxRate:rate
taxAmount:money netAmount:money lineType:text lineName:text calcDetail:text""",
    "inventory": """line:integer item>item location>location adjustQtyBy:number unitCost:number
description:text memo:text inventoryDetail:detail units:outside""",
    "payment": """id>transaction deposit:flag memo:text docDate:date! docNumber:text! paymentAmount:money!
type:text!""",
    "accountingBookDetail": "accountingBook>accountingBook currency>currency! exchangeRate:number",
    "line": "line:integer account>account debit:money credit:money entity>entity memo:text",
    "price": "currencyPage>currency priceLevel:outside priceLevelName:text price:money quantity:number",
    "member": "item>item quantity:number",
    "currencyList": "currency>currency",
    "addressBook": """internalId:integer label:text defaultBilling:flag defaultShipping:flag
addressBookAddress:subrecord""",
}

TRADE_LISTS = "item taxDetails accountingBookDetail"

# The entries of fixed lists, by field, where a wrong one is refused.
CHOICES = {
    "handlingMode": frozenset({"MIMIC", "PROCESS", "SAVE_ONLY"}),
    "paymentOperation": frozenset({"AUTHORIZATION", "CAPTURE", "CREDIT", "REFUND", "SALE"}),
    "orderStatus": frozenset("ABCDEFGH"),
}

# REST name, family, search code, label, body fields, sublists, fields that name it.
KIND_ROWS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    (
        "customer",
        "entity",
        "CustJob",
        "Customer",
        f"""{COMMON} entityId:text companyName:text firstName:text lastName:text isPerson:flag email:text
phone:text subsidiary>subsidiary currency>currency isInactive:flag taxable:flag taxItem>tax
receivablesAccount>account category:outside comments:text entityStatus:outside terms:outside""",
        "currencyList addressBook",
        "entityId companyName lastName",
    ),
    ("inventoryItem", "item", "InvtPart", "Inventory Item", STOCKED, "price", "itemId"),
    ("serializedInventoryItem", "item", "InvtPart", "Inventory Item", STOCKED, "price", "itemId"),
    ("lotNumberedInventoryItem", "item", "InvtPart", "Inventory Item", STOCKED, "price", "itemId"),
    (
        "inventoryNumber",
        "inventoryNumber",
        "InventoryNumber",
        "Inventory Number",
        f"""{COMMON} inventoryNumber:text! item>item! expirationDate:date memo:text""",
        "",
        "inventoryNumber",
    ),
    ("nonInventorySaleItem", "item", "NonInvtPart", "Non-inventory Item", ITEM, "price", "itemId"),
    (
        "nonInventoryResaleItem",
        "item",
        "NonInvtPart",
        "Non-inventory Item",
        f"{ITEM} expenseAccount>account",
        "price",
        "itemId",
    ),
    ("serviceSaleItem", "item", "Service", "Service", ITEM, "price", "itemId"),
    ("otherChargeSaleItem", "item", "OthCharge", "Other Charge", ITEM, "price", "itemId"),
    (
        "discountItem",
        "item",
        "Discount",
        "Discount",
        f"{ITEM} account>account isPreTax:flag nonPosting:flag",
        "",
        "itemId",
    ),
    ("shipItem", "item", "ShipItem", "Shipping Item", f"{ITEM} account>account", "", "itemId"),
    (
        "giftCertificateItem",
        "item",
        "GiftCert",
        "Gift Certificate",
        f"{ITEM} liabilityAccount>account daysBeforeExpiration:integer",
        "price",
        "itemId",
    ),
    (
        "giftCertificate",
        "giftCertificate",
        "GiftCertificate",
        "Gift Certificate",
        """id:text! createdDate:time! lastModifiedDate:time! links:outside! giftCertCode:text! originalAmount:money!
amountRemaining:money! sender:text name:text email:text message:text expirationDate:date""",
        "",
        "giftCertCode",
    ),
    ("kitItem", "item", "Kit", "Kit", ITEM, "price member", "itemId"),
    ("itemGroup", "item", "Group", "Item Group", GROUP, "member", "itemId"),
    (
        "account",
        "account",
        "Account",
        "Account",
        f"""{COMMON} display:text! acctNumber:text acctName:text acctType:choice currency>currency isInactive:flag
description:text subsidiary>>subsidiary includeChildren:flag eliminate:flag""",
        "",
        "display",
    ),
    (
        "accountingPeriod",
        "period",
        "Period",
        "Accounting Period",
        """id:text! periodName:text! startDate:date! endDate:date! isQuarter:flag! isYear:flag! isAdjust:flag!
closed:flag closedOnDate:date! arLocked:flag apLocked:flag allLocked:flag allowNonGLChanges:flag
parent>period! isPosting:flag! isInactive:flag!""",
        "",
        "periodName",
    ),
    (
        "subsidiary",
        "subsidiary",
        "Subsidiary",
        "Subsidiary",
        f"""{NAMED} currency>currency country:outside legalName:text email:text state:text url:text
mainAddress:subrecord""",
        "",
        "name",
    ),
    (
        "location",
        "location",
        "Location",
        "Location",
        f"{NAMED} makeInventoryAvailable:flag mainAddress:subrecord",
        "",
        "name",
    ),
    ("department", "department", "Department", "Department", NAMED, "", "name"),
    ("classification", "classification", "Class", "Class", NAMED, "", "name"),
    (
        "currency",
        "currency",
        "Currency",
        "Currency",
        f"""{COMMON} name:text symbol:text displaySymbol:text currencyPrecision:choice exchangeRate:number
isBaseCurrency:flag! isInactive:flag""",
        "",
        "name",
    ),
    (
        "salesTaxItem",
        "tax",
        "TaxItem",
        "Tax Code",
        f"""{COMMON} itemId:text displayName:text description:text rate:rate taxAccount>account taxType>taxType
taxAgency:outside isInactive:flag subsidiary>>subsidiary includeChildren:flag county:text state:text zip:text""",
        "",
        "itemId",
    ),
    (
        "taxType",
        "taxType",
        "TaxType",
        "Tax Type",
        f"{COMMON} name:text description:text country:outside taxAccount>account isInactive:flag",
        "",
        "name",
    ),
    (
        "accountingBook",
        "accountingBook",
        "AccountingBook",
        "Accounting Book",
        f"{NAMED} isPrimary:flag! currency>currency",
        "",
        "name",
    ),
    ("paymentOption", "paymentOption", "PaymentOption", "Payment Option", NAMED, "", "name"),
    (
        "inventoryAdjustment",
        "transaction",
        "InvAdjst",
        "Inventory Adjustment",
        f"{TRANSACTION} account>account adjLocation>location estimatedTotalValue:money!",
        "inventory",
        "tranId",
    ),
    (
        "salesOrder",
        "transaction",
        "SalesOrd",
        "Sales Order",
        f"{TRADE} orderStatus:choice {CASH}",
        TRADE_LISTS,
        "tranId",
    ),
    ("cashSale", "transaction", "CashSale", "Cash Sale", f"{TRADE} {CASH} undepFunds:choice", TRADE_LISTS, "tranId"),
    ("invoice", "transaction", "CustInvc", "Invoice", f"{TRADE} {RECEIVABLE}", TRADE_LISTS, "tranId"),
    (
        "cashRefund",
        "transaction",
        "CashRfnd",
        "Cash Refund",
        f"""{TRADE} {CASH} {UNUSED} {CARD} -status altShippingCost:money! refundCheck:flag clearedDate:date
transactionToRefund>transaction customerPaymentAuthorization:outside dynamicDescriptor:text paymentCardCsc:text""",
        TRADE_LISTS,
        "tranId",
    ),
    (
        "creditMemo",
        "transaction",
        "CustCred",
        "Credit Memo",
        f"""{TRADE} {RECEIVABLE} {UNUSED} {SHIP_GROUPS} altShippingCost:money! applied:money! unapplied:money!
autoApply:flag""",
        f"{TRADE_LISTS} apply",
        "tranId",
    ),
    (
        "returnAuthorization",
        "transaction",
        "RtnAuth",
        "Return Authorization",
        f"""{DOCUMENT} {GOODS} {UNUSED} {SHIP_GROUPS} orderStatus:choice paymentOption>paymentOption
transactionToRefund>transaction isCrossSubTransaction:flag drAccount>account fxAccount>account altSalesTotal:money!
-intercoTransaction""",
        TRADE_LISTS,
        "tranId",
    ),
    ("itemReceipt", "transaction", "ItemRcpt", "Item Receipt", RECEIPT, "item", "tranId"),
    (
        "customerPayment",
        "transaction",
        "CustPymt",
        "Customer Payment",
        f"{SETTLEMENT} undepFunds:choice payment:money autoApply:flag",
        "apply accountingBookDetail",
        "tranId",
    ),
    (
        "customerDeposit",
        "transaction",
        "CustDep",
        "Customer Deposit",
        f"{SETTLEMENT} undepFunds:choice payment:money salesOrder>transaction amountRemaining:money!",
        "accountingBookDetail",
        "tranId",
    ),
    (
        "depositApplication",
        "transaction",
        "DepAppl",
        "Deposit Application",
        f"{SETTLEMENT} deposit>transaction! createdFrom>transaction",
        "apply accountingBookDetail",
        "tranId",
    ),
    (
        "customerRefund",
        "transaction",
        "CustRfnd",
        "Customer Refund",
        f"""{SETTLEMENT} {CARD} address:text consolidateBalance:money!
payeeAddressList:outside voidJournal>transaction!""",
        "apply deposit accountingBookDetail",
        "tranId",
    ),
    (
        "deposit",
        "transaction",
        "Deposit",
        "Deposit",
        f"{TRANSACTION} account>account total:money!",
        "payment",
        "tranId",
    ),
    (
        "journalEntry",
        "transaction",
        "Journal",
        "Journal Entry",
        f"{TRANSACTION} createdFrom>transaction approved:flag reversalDate:date",
        "line",
        "tranId",
    ),
    (
        "fxReval",
        "transaction",
        "FxReval",
        "Currency Revaluation",
        f"{TRANSACTION} createdFrom>transaction account>account",
        "",
        "tranId",
    ),
)

# Other names under which a type is asked for.
SPELLINGS = {
    "noninventoryitem": "noninventorysaleitem",
    "serviceitem": "servicesaleitem",
    "otherchargeitem": "otherchargesaleitem",
    "class": "classification",
    "paymentmethod": "paymentoption",
}
