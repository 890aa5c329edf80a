"""Fields of Bitrix24 that tell nothing about a person, those that hold names, and sets of a person's."""

from extract.core.privacy import Privacy
from extract.sources.bitrix24.addresses import ADDRESSES

_ITEMS = (
    "id assignedById createdBy createdTime updatedBy updatedTime movedBy movedTime categoryId stageId"
    " stageSemanticId sourceId companyId companyIds contactId contactIds leadId opened opportunity"
    " isManualOpportunity currencyId dateClosed isReturnCustomer typeId lastActivityTime utmSource utmMedium"
    " utmCampaign utmContent utmTerm"
)
_ACTIVITIES = (
    "ID OWNER_ID OWNER_TYPE_ID TYPE_ID PROVIDER_ID PROVIDER_TYPE_ID ASSOCIATED_ENTITY_ID CREATED LAST_UPDATED"
    " START_TIME END_TIME DEADLINE COMPLETED STATUS DIRECTION RESPONSIBLE_ID AUTHOR_ID EDITOR_ID PRIORITY"
)
_TASKS = (
    "changedDate changedBy closedBy closedDate createdDate dateStart deadline endDatePlan startDatePlan"
    " groupId parentId priority realStatus status responsibleId ufCrmTask"
)
PRIVACY = Privacy(
    impersonal=frozenset(f"{_ITEMS} {_ACTIVITIES} {_TASKS}".split()),
    names=frozenset({"name", "secondName", "lastName"}),
    contact_points=frozenset({"value"}),
    owned_sets=frozenset({ADDRESSES.name}),
)
