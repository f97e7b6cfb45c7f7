package org.ringcert.daemon.cli;

import java.util.List;
import org.ringcert.acme.AccountDetails;
import org.ringcert.cluster.HostName;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Accounts for programs. Programs rely on the keys: they may be added to, but not renamed or removed. */
final class AccountJson {

    private AccountJson() {}

    /** Returns the document, ending with a newline. */
    static String of(HostName self, List<AccountView> views) {
        ObjectNode root = JsonFormat.newObject();
        root.put("node", self.value());
        ArrayNode accounts = root.putArray("accounts");
        views.forEach(view -> put(accounts.addObject(), view));
        return JsonFormat.DEFAULT.writeIndented(root) + "\n";
    }

    private static void put(ObjectNode object, AccountView view) {
        object.put("ca", view.account().name());
        object.put("directory", view.account().directory().toString());
        object.put("good", view.isGood());
        view.local().ifPresent(local -> putLocal(object, view, local));
        view.terms().ifPresent(page -> object.put("termsOfService", page));
        view.atCa().ifPresent(details -> putDetails(object.putObject("atCa"), details));
        view.contactDiffers().ifPresent(differs -> object.put("contactDiffers", differs));
        putStrings(object, "problems", view.problems());
        putStrings(object, "notes", view.notes());
    }

    private static void putLocal(ObjectNode object, AccountView view, AccountView.Local local) {
        object.put("account", local.url());
        object.put("file", view.account().file().toString());
        object.put("keyType", local.keyType());
        object.put("thumbprint", local.thumbprint());
        local.stored().registered().ifPresent(time -> object.put("made", time.toString()));
        local.stored().deactivated().ifPresent(time -> object.put("deactivated", time.toString()));
    }

    private static void putDetails(ObjectNode object, AccountDetails details) {
        details.status().ifPresent(status -> object.put("status", status));
        putStrings(object, "contacts", details.contacts());
        details.termsOfServiceAgreed().ifPresent(agreed -> object.put("termsOfServiceAgreed", agreed));
        details.createdAt().ifPresent(time -> object.put("createdAt", time.toString()));
    }

    private static void putStrings(ObjectNode object, String key, List<String> values) {
        ArrayNode array = object.putArray(key);
        values.forEach(array::add);
    }
}
